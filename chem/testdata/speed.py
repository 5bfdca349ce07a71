"""Prints how long RDKit takes, in µs of processor time, for what these benchmarks
measure on the same molecules, those of golden.tsv.gz:

    python speed.py
    go test ./chem/molecule ./chem/smarts ./chem/fingerprint -run '^$' -bench Golden -cpu 1

Needs rdkit; nothing of the project runs this file.
"""
import gzip, heapq, time
from rdkit import Chem, DataStructs, RDLogger
from rdkit.Chem import rdFingerprintGenerator as F

RDLogger.DisableLog('rdApp.*')
smiles = [line.split('\t')[0] for line in gzip.open('golden.tsv.gz', 'rt')]


def measure(name, n, f):
    start = time.process_time()
    out = f()
    print(f'{name:40} {(time.process_time() - start) / n * 1e6:10.2f}')
    return out


def canonical():
    out = []
    for s in smiles:
        m = Chem.MolFromSmiles(s)
        Chem.MolToSmiles(m)
        out.append(m)
    return out


molecules = measure('parse and canonical SMILES', len(smiles), canonical)
morgan = F.GetMorganGenerator(radius=2, fpSize=2048)
fingerprints = measure('Morgan, radius 2, 2048 bits', len(smiles), lambda: [morgan.GetFingerprint(m) for m in molecules])
patterns = [Chem.MolFromSmarts(s) for s in ('c1ccccc1', '[NX3;H2]', 'C(=O)N', '[#6]S(=O)(=O)[#7]', 'c1ccc2[nH]ccc2c1',
            '[$([CX3]=[OX1]),$([CX3+]-[OX1-])]', '[F,Cl,Br,I]c', 'C1CCNCC1', '[OX2H][CX3]=O', 'n1ccccc1')]
measure('10 patterns in a molecule', len(smiles), lambda: [m.HasSubstructMatch(p) for m in molecules for p in patterns])
many = (fingerprints * (1000000 // len(fingerprints) + 1))[:1000000]


def nearest():
    for i in range(5):
        s = DataStructs.BulkTanimotoSimilarity(fingerprints[7 * i], many)
        heapq.nlargest(10, range(len(s)), key=s.__getitem__)


measure('10 nearest of a million', 5, nearest)
