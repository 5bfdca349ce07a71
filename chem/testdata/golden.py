"""Makes golden.tsv.gz: what RDKit says of 22,000 molecules of public data sets.

    python golden.py PROPERTY_FOLDER > report.txt

PROPERTY_FOLDER holds zinc250k/zinc.csv.gz (Gao et al., NeurIPS 2022, from ZINC),
moleculenet/*.csv (Wu et al., Chem. Sci. 9 (2018) 513), chromophores (Joung et
al., Sci. Data 7 (2020) 295) and polymers/database.csv (its sources are named
there). Needs rdkit 2026.09; nothing of the project runs this file.

The lines of zinc.csv.gz lack their last character; where that was the digit of
the only open ring or the bracket of the only open atom it is put back, other
lines are left out.

One line is one molecule, no two the same to RDKit; columns:
 0 SMILES as published        1 for every third, SMILES in another order of atoms
 2 one letter for each atom: 'A' + aromatic + 2*in ring + 4*hydrogens
 3 rings, aromatic rings, H-bond donors, acceptors, rotatable bonds (strict)
 4 molecular formula          5 exact mass, average mass
 6 TPSA, fraction sp3         7 Crippen logP, MR       8 QED
 9 Morgan environments up to radius 2 (with chirality off): how many differ, sum
   of the squares of their counts
"""
import csv, glob, gzip, random, re, sys
from rdkit import Chem, RDLogger
from rdkit.Chem import Descriptors, QED, rdMolDescriptors as D, rdFingerprintGenerator as F, Crippen

RDLogger.DisableLog('rdApp.*')
random.seed(20)
folder = sys.argv[1]


def restore(s):
    bare = re.sub(r'\[[^\]]*\]', '', s)
    if '[' in bare:
        return s + ']'
    digits = re.findall(r'%\d\d|\d', bare)
    missing = [d for d in set(digits) if digits.count(d) % 2]
    return s + missing[0] if len(missing) == 1 else None


def smiles():
    sets = {}
    with gzip.open(f'{folder}/zinc250k/zinc.csv.gz', 'rt') as f:
        next(f)
        sets['zinc'] = [restore(l.strip()) for l in f]
    net = sets['moleculenet'] = []
    for name in sorted(glob.glob(f'{folder}/moleculenet/*.csv')):
        net += [r['smiles'].strip() for r in csv.DictReader(open(name))]
    with open(f'{folder}/chromophores/joung_deep4chem.csv', encoding='utf-8-sig') as f:
        sets['chromophores'] = [s for r in csv.DictReader(f) for s in (r['Chromophore'], r['Solvent'])]
    with open(f'{folder}/polymers/database.csv') as f:
        sets['polymers'] = [r['SMILES'] for r in csv.DictReader(f)]
    for name, share in (('moleculenet', 7000), ('zinc', 8000), ('chromophores', 3500), ('polymers', 3500)):
        unique = sorted({s for s in sets[name] if s})
        random.shuffle(unique)
        yield name, share, unique


morgan = F.GetMorganGenerator(radius=2)
seen = set()
with gzip.GzipFile('golden.tsv.gz', 'wb', 9, mtime=0) as out:
    for name, share, candidates in smiles():
        n = 0
        for s in candidates:
            m = Chem.MolFromSmiles(s)
            if m is None or m.GetNumAtoms() == 0 or Chem.MolToSmiles(m) in seen:
                continue
            same = Chem.MolToSmiles(m, doRandom=True)
            if Chem.CanonSmiles(same) != Chem.MolToSmiles(m):
                continue  # RDKit does not read what it wrote
            seen.add(Chem.MolToSmiles(m))
            counts = morgan.GetSparseCountFingerprint(m).GetNonzeroElements().values()
            columns = [
                s, same if n % 3 == 0 else '',
                ''.join(chr(65 + a.GetIsAromatic() + 2 * a.IsInRing() + 4 * a.GetTotalNumHs()) for a in m.GetAtoms()),
                f'{D.CalcNumRings(m)} {D.CalcNumAromaticRings(m)} {D.CalcNumHBD(m)} {D.CalcNumHBA(m)} {D.CalcNumRotatableBonds(m)}',
                D.CalcMolFormula(m),
                f'{Descriptors.ExactMolWt(m):.4f} {Descriptors.MolWt(m):.3f}',
                f'{D.CalcTPSA(m):.2f} {D.CalcFractionCSP3(m):.3f}',
                f'{Crippen.MolLogP(m):.4f} {Crippen.MolMR(m):.3f}',
                f'{QED.qed(m):.4f}',
                f'{len(counts)} {sum(c * c for c in counts)}',
            ]
            out.write(('\t'.join(columns) + '\n').encode())
            n += 1
            if n == share:
                break
        print(name, n)
