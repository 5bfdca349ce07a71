"""Makes ../descriptor/sascore.bin.gz, the contributions of fragments to synthetic
accessibility, and ../descriptor/testdata/sascore.tsv, RDKit's score of every 20th
molecule of golden.tsv.gz.

    python sascore.py

Needs rdkit 2026.09 with its folder Contrib/SA_Score, whose table fpscores.pkl.gz is
that of Ertl and Schuffenhauer (J. Cheminform. 1 (2009) 8), counted on a million
molecules of PubChem; copyright 2013 Novartis Institutes for BioMedical Research,
BSD-3-Clause. Fragments that were seen fewer than eight times (contribution below
-2.3) are left out, the others rounded to 0.05. Nothing of the project runs this file.

The file holds for every fragment, by its number in the Morgan fingerprint, the
difference to the number before as a varint and the contribution in units of 0.05 as
a signed byte.
"""
import gzip, os, pickle, sys
from rdkit import Chem, RDConfig, RDLogger

RDLogger.DisableLog('rdApp.*')
folder = os.path.join(RDConfig.RDContribDir, 'SA_Score')
sys.path.append(folder)
import sascorer

scores = {i: row[0] for row in pickle.load(gzip.open(f'{folder}/fpscores.pkl.gz')) for i in row[1:] if row[0] > -2.3}
with gzip.GzipFile('../descriptor/sascore.bin.gz', 'wb', 9, mtime=0) as out:
    last = 0
    for i in sorted(scores):
        gap, last = i - last, i
        while gap >= 128:
            out.write(bytes([gap & 127 | 128]))
            gap >>= 7
        out.write(bytes([gap, round(scores[i] / 0.05) & 255]))
os.makedirs('../descriptor/testdata', exist_ok=True)
with open('../descriptor/testdata/sascore.tsv', 'w') as out:
    for i, line in enumerate(gzip.open('golden.tsv.gz', 'rt')):
        if i % 20 == 0:
            s = line.split('\t')[0]
            out.write(f'{s}\t{sascorer.calculateScore(Chem.MolFromSmiles(s)):.3f}\n')
