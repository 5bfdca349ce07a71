"""Makes ../smarts/testdata/counts.tsv.gz: how often RDKit finds 200 patterns in
every 20th molecule of golden.tsv.gz.

    python smarts.py

Needs rdkit 2026.09; nothing of the project runs this file. The first 200 lines are
"plain" or "merging" and a pattern; the others are a SMILES and the counts.
"""
import gzip, os, random
from rdkit import Chem, RDLogger

RDLogger.DisableLog('rdApp.*')
random.seed(7)
own = '''[r5] [r6] [R] [R2] [R1] [x3] [D3] [X4] [v5] [#6;!a] [!C;!c] a:a a-a A~A *!@* [#6]@[#6] C=,#C
[N,O;H1,H2] [$(C=O);!$(C-O)] [CH2;D2] [h2] [h] [z1] [z2] [D{2-3}] [k6] [k5] [+] [-] [+0;#7] [13C] [!#6;!#1] C.C
[O-]~[N+] c1ccccc1 c1ccccc1-c1ccccc1 [r{5-6}] [x2;R1] [$([#6]~[#7]),$([#6]~[#8])] [!$(*=*)&!$(*#*)] *1~*~*~*~*~1
[C;X4;!R]-!@[c;r6] [nX2] [n;X3] [#7;v3;!H0] [O;H1]-[#6]=O *~1~*~*~1 [A;R;!R1] [a;!c] [!#1;!#6;!#7;!#8]
C(=O)N[C;H1]C(=O) [$([NX3;H2]),$([NX3;H1])] N~C~N [S;X4](=O)(=O) [#16;X2] [F,Cl,Br,I] [#6]=,:[#7]'''.split()


def table(name, column):
    return [l.rstrip('\n').split('\t')[column] for l in open(name) if not l.startswith('#')]


others = [('plain', s) for s in table('../descriptor/crippen.tsv', 1) + table('../descriptor/qed.tsv', 1)]
others += [('merging', s) for s in table('../alert/brenk.tsv', 2) + table('../alert/pains.tsv', 2)]
patterns = [('plain', s) for s in own] + random.sample(sorted(set(others)), 200 - len(own))
compiled = [Chem.MolFromSmarts(s, mergeHs=kind == 'merging') for kind, s in patterns]
os.makedirs('../smarts/testdata', exist_ok=True)
with gzip.GzipFile('../smarts/testdata/counts.tsv.gz', 'wb', 9, mtime=0) as out:
    for p in patterns:
        out.write(('\t'.join(p) + '\n').encode())
    for i, line in enumerate(gzip.open('golden.tsv.gz', 'rt')):
        if i % 20 == 0:
            smiles = line.split('\t')[0]
            m = Chem.MolFromSmiles(smiles)
            counts = [str(len(m.GetSubstructMatches(q, maxMatches=1000000))) for q in compiled]
            out.write((smiles + '\t' + ' '.join(counts) + '\n').encode())
