"""Makes ../cip/testdata/labels.tsv.gz: of the molecules of golden.tsv.gz that have
configurations every fourth, its SMILES and what RDKit's new labeller (rdCIPLabeler)
calls them: atoms by number, and double bonds by the numbers of their atoms.

    python cip.py

Needs rdkit 2026.09; nothing of the project runs this file.
"""
import gzip, os
from rdkit import Chem, RDLogger
from rdkit.Chem import rdCIPLabeler

RDLogger.DisableLog('rdApp.*')
os.makedirs('../cip/testdata', exist_ok=True)
with gzip.GzipFile('../cip/testdata/labels.tsv.gz', 'wb', 9, mtime=0) as out:
    n = 0
    for line in gzip.open('golden.tsv.gz', 'rt'):
        smiles = line.split('\t')[0]
        if not any(c in smiles for c in '@/\\'):
            continue
        n += 1
        if n % 4:
            continue
        m = Chem.MolFromSmiles(smiles)
        rdCIPLabeler.AssignCIPLabels(m)
        labels = [f'{a.GetIdx()}{a.GetProp("_CIPCode")}' for a in m.GetAtoms() if a.HasProp('_CIPCode')]
        for b in m.GetBonds():
            if b.HasProp('_CIPCode'):
                i, j = sorted((b.GetBeginAtomIdx(), b.GetEndAtomIdx()))
                labels.append(f'{i}-{j}{b.GetProp("_CIPCode")}')
        out.write(f'{smiles}\t{" ".join(labels)}\n'.encode())
