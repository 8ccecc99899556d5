"""Word lists for reading names and phrases; all in lower case."""

from __future__ import annotations

from collections.abc import Mapping

from il12nlp.schema import MentionType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split(","))


ENGINEERED = _words(
    """
    peg pegylated polyethylene glycol fc fused fusion sushi superagonist superkine mutein
    variant immunocytokine lz nt leucine zipper albumin hsa abd hyfc masked anchored tethered
    collagen cbd binding targeted conjugated acting long modified chimeric mutant analog
    analogue complex complexes tandem prodrug engineered activatable half life extended alum
    liposomal polymer encapsulated domain alfa consensus nhs antibody loaded biased bispecific
    h9 no not alpha scfv igg iap inducible tumor targeting membrane cell bound
    """
)
"""Words and name parts that tell how a cytokine was engineered, fused or packed."""

OUTCOME_MODIFIERS = _words(
    """
    matrigel protein mrna transcripts staining the a an of in at median mean average estimated
    actuarial cumulative total overall long-term short-term prolonged primary secondary
    established subcutaneous orthotopic serum plasma systemic local regional distant early late
    clinical durable sustained lasting significant severe mild moderate serious major minor
    high-grade low-grade life-threatening treatment-related drug-related treatment-emergent
    treatment-induced drug-induced cytokine-induced chemotherapy-induced radiation-induced
    therapy-related all-cause transient reversible acute chronic host patient patients animal
    animals mouse rate rates level levels time times incidence frequency occurrence number
    numbers score scores extent degree severity episodes episode events event values value risk
    likelihood probability proportion percentage development onset duration endpoint endpoints
    intratumoral spontaneous pulmonary confirmed best cancer-related vivo vitro subsequent
    further new multiple visible gross untreated injected experimental human murine rat canine
    non-injected uninjected treated contralateral tumor-bearing tumour-bearing mice
    hematologic hematological haematologic haematological hemorrhagic haemorrhagic
    omental visceral cervical node extrahepatic abdominal postoperative post-operative global
    worst partial quality-adjusted
    """
)
"""Words that do not change which outcome is meant, nor which way is better."""

LEVEL = _words(
    """
    the of a an serum plasma circulating blood peripheral urinary urine intratumoral tumoral
    intratumoural tumor tumour local systemic level levels concentration concentrations
    production secretion release expression mrna protein gene genes synthesis transcript
    transcripts transcription output titer titers titre titres amount peak baseline induction
    splenic intracellular endogenous in elevated spontaneous inducible accumulation messenger
    rna steady-state ex vivo de novo by
    """
)
"""Words that may surround a cytokine whose amount is the variable."""

CELL_COUNT = _words(
    """
    the of a an infiltration infiltrating infiltrates infiltrate intratumoral intratumoural
    tumor tumour tumor-infiltrating tumour-infiltrating number numbers frequency frequencies
    percentage proportion count counts accumulation recruitment expansion influx density
    densities circulating peripheral blood splenic into by in with total absolute population
    populations trafficking homing presence fraction pool subset subsets activated functional
    activity function functions activation cytotoxicity response responses proliferation killing
    effector cytolytic cytotoxic lytic degranulation persistence differentiation generation
    induction local systemic lung marrow spleen tissue antigen-specific tumor-specific
    tumour-specific tumor-reactive
    """
)
"""Words that may surround a cell type whose number or activity is the variable."""

ACTIVITY = _words(
    """
    activity function functions activation cytotoxicity response responses killing cytolytic
    cytotoxic lytic degranulation
    """
)
"""Words by which the activity, not the number, of cells is the variable."""

TURN = _words(
    """
    inhibition suppression reduction decrease delay prevention loss lack absence impairment
    abrogation attenuation resistance protection freedom relief resolution clearance eradication
    elimination control depletion disappearance reversal retardation rejection amelioration
    alleviation avoidance arrest shrinkage regression blockade exclusion
    """
)
"""Words that make more of the whole mean less of what it is about."""

CHANGE = _words(
    """
    emergence increase improvement enhancement induction augmentation prolongation stimulation
    promotion acceleration restoration maintenance recovery exacerbation elevation rise
    """
)
"""Words that make more of the whole mean more of what it is about."""

REGULATORY = _phrases(
    """
    regulatory, immunoregulatory, suppressor, m2, exhausted, tumor associated macrophage, treg,
    cancer associated fibroblast, anergic
    """
)
"""Words of cell names whose growing number hinders an immune attack, each in its folded form."""

HELPERS = _phrases(
    """
    cd8, cytotoxic t, t cell, natural killer, nk cell, dendritic, memory t, effector t, helper,
    th1, m1 macrophage, tumor infiltrating lymphocyte, lymphokine activated,
    cytokine induced killer, nkt cell, lymphocyte, gamma delta
    """
)
"""Words of cell names whose growing number carries an immune attack, each in its folded form."""

DISABLED = _phrases(
    """
    pd 1, pd1, tim 3, tim3, lag 3, lag3, tigit, ctla 4, ctla4, lymphocyte associated protein,
    cd57, cd39, cd25, foxp3, immunosuppressive, suppressive, infected, apoptotic, dead, dying,
    senescent, leukemic, leukaemic, malignant, neoplastic
    """
)
"""Words of cell names by which helpers may be spent, turned or ill, each in its folded form."""

_CANCER = _words(
    """
    the a an advanced metastatic locally recurrent refractory relapsed relapsing resectable
    unresectable non-resectable inoperable disseminated progressive residual measurable resected
    completely surgically figo ajcc stage stages and or to grade high-grade low-grade high-risk
    early early-stage earlier-stage late-stage advanced-stage late established poor-risk primary
    human murine mouse rat canine feline orthotopic subcutaneous syngeneic autochthonous
    spontaneous experimental transplantable transplanted xenograft xenografts allograft
    allografts model models tumor tumors tumour tumours cell cells line lines newly diagnosed
    untreated previously treated pretreated heavily chemoresistant platinum-resistant malignant
    lesions patients tissue tissues large bulky poorly well moderately differentiated deposits
    nodules implanted
    """
)
"""Stage, grade, host and the like."""

_CELL = _words(
    """
    the a an human murine mouse rat canine autologous allogeneic circulating peripheral blood
    host donor patient patients patients' normal healthy splenic isolated purified cultured
    total resident infiltrating intratumoral intratumoural tumor tumour local population
    populations fraction subset subsets derived primary fresh
    """
)
"""Origin and place."""

_THERAPY = _words(
    """
    the a an therapy therapies treatment treatments monotherapy regimen regimens agent agents
    drug drugs administration injection injections infusion infusions instillation instillations
    dose doses low-dose high-dose standard conventional concurrent concomitant combined
    combination systemic local intratumoral intratumoural intravenous intraperitoneal
    subcutaneous intravesical oral maintenance salvage first-line second-line induction
    consolidation prior alone single-agent adjunctive recombinant human humanized humanised
    murine cytotoxic metronomic weekly additional repeated daily simultaneous subsequent
    standard-of-care intensive palliative adjuvant neoadjuvant perioperative postoperative
    percutaneous purified synthetic bovine natural
    """
)
"""Dose, schedule, line and words that every therapy may carry."""

NEGLIGIBLE: Mapping[str, frozenset[str]] = {
    MentionType.CANCER: _CANCER,
    MentionType.CELL: _CELL,
    MentionType.THERAPY: _THERAPY,
}
"""By mention type, words that say when, where or how far, but not what."""

VAGUE_HEADS = frozenset({"MESH:D003131", "DOID:162", "IL12:CELL_blast_cell_leukemic"})
"""Concepts too wide, or too special for their last word, to be the kind of a longer phrase."""

VAGUE_DRUGS = _words(
    """
    acetate acid agent antibody antibodie antigen aminoacid chemical chloride citrate coenzyme
    complex complexe dna drug element enzyme ester extract formulation hormone hydrochloride ion
    ligand lipid mixture molecule nitrate oligonucleotide oxide peptide phosphate plasmid
    polymer polypeptide protein reagent rna salt sodium solution sulfate therapeutic therapy
    toxin treatment vehicle
    """
)
"""Folded names of whole realms, which say nothing of a treatment."""

NO_MENTION = _words(
    """
    cancer tumor malignancy malignancie malignanttumor neoplasm neoplasia tumorcell cancercell
    malignantcell neoplasticcell metastaticdisease tumorbearing xenograft cell cytokine chemokine
    lymphokine growthfactor hematopoieticgrowthfactor interleukin csf gene expression geneexpression
    mrnaexpression treatment therapy therapie drug combination combinationtherapy
    combinationtreatment combinedtherapy combinedtreatment adjuvant adjuvanttherapy
    adjuvanttreatment maintenancetherapy salvagetherapy regimen administration injection infusion
    operation placebo vehicle plasmid adenovirus antibody antibodie mab monoclonalantibody
    monoclonalantibodie antiviral adoptivetransfer sirna shrna rnai laparoscopic response growth
    death development infection benefit overall apoptotic cytotoxic exposure lesion serumlevel
    complete partial improvement memory safe killing progression sensitivity resistance outcome
    symptom biomarker energy lipid glucose hazardratio antiinflammatory
    """
)
"""Folded names that the lexicons hold, but that alone are no mention by the guidelines: empty
words, adjectives, and words that are an outcome only together with others."""
