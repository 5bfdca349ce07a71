"""Makes ../molfile/testdata/rdkit.sdf.gz: molecules of golden.tsv.gz with their
SMILES, as RDKit writes them: V2000 and V3000 with flat coordinates and wedges, and
some with three dimensions.

    python molfile.py

Needs rdkit 2026.09; nothing of the project runs this file.
"""
import gzip, os
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem

RDLogger.DisableLog('rdApp.*')
os.makedirs('../molfile/testdata', exist_ok=True)
with gzip.GzipFile('../molfile/testdata/rdkit.sdf.gz', 'wb', 9, mtime=0) as out:
    for i, line in enumerate(gzip.open('golden.tsv.gz', 'rt')):
        smiles = line.split('\t')[0]
        m = Chem.MolFromSmiles(smiles)
        if i % 50 or m.GetNumAtoms() > 60:
            continue
        AllChem.Compute2DCoords(m)
        if i % 500 == 0 and m.GetNumAtoms() < 30 and '*' not in smiles and '.' not in smiles:
            h = Chem.AddHs(m)
            if AllChem.EmbedMolecule(h, randomSeed=1) == 0:
                m = h
        again = Chem.MolFromMolBlock(Chem.MolToMolBlock(m))
        if again is None:
            continue
        block = Chem.MolToMolBlock(m, forceV3000=i % 100 == 0)
        out.write(f'{block}>  <SMILES>\n{Chem.MolToSmiles(again)}\n\n$$$$\n'.encode())
