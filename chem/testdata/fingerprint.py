"""Makes ../fingerprint/testdata/facts.tsv.gz: what RDKit says of every 10th molecule
of golden.tsv.gz.

    python fingerprint.py

Needs rdkit 2026.09; nothing of the project runs this file. Columns: SMILES, CRC-32
of the Morgan fingerprint of radius 2 with 2048 bits (256 bytes, lowest bit first),
MACCS keys that are set, Bemis-Murcko scaffold, sum of the heavy-atom pairs' counts
and of their squares (atom pairs).
"""
import gzip, os, zlib
from rdkit import Chem, DataStructs, RDLogger
from rdkit.Chem import MACCSkeys, rdFingerprintGenerator as F
from rdkit.Chem.Scaffolds import MurckoScaffold

RDLogger.DisableLog('rdApp.*')
morgan = F.GetMorganGenerator(radius=2, fpSize=2048)
pairs = F.GetAtomPairGenerator()
os.makedirs('../fingerprint/testdata', exist_ok=True)
with gzip.GzipFile('../fingerprint/testdata/facts.tsv.gz', 'wb', 9, mtime=0) as out:
    for i, line in enumerate(gzip.open('golden.tsv.gz', 'rt')):
        if i % 10:
            continue
        smiles = line.split('\t')[0]
        m = Chem.MolFromSmiles(smiles)
        bits = DataStructs.BitVectToBinaryText(morgan.GetFingerprint(m))
        keys = ' '.join(map(str, MACCSkeys.GenMACCSKeys(m).GetOnBits()))
        scaffold = Chem.MolToSmiles(MurckoScaffold.GetScaffoldForMol(m))
        counts = pairs.GetSparseCountFingerprint(m).GetNonzeroElements().values()
        row = [smiles, f'{zlib.crc32(bits):08x}', keys, scaffold, f'{sum(counts)} {sum(c * c for c in counts)}']
        out.write(('\t'.join(row) + '\n').encode())
