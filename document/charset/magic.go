package charset

import "bytes"

// signature is how files of one kind begin.
type signature struct {
	offset int
	bytes  string
	kind   string
}

// signatures of kinds that are not text, from the WHATWG MIME Sniffing Standard
// and the specifications of the formats themselves.
var signatures = [...]signature{
	{0, "\x89PNG\r\n\x1a\n", "PNG image"},
	{0, "\xff\xd8\xff", "JPEG image"},
	{0, "GIF87a", "GIF image"},
	{0, "GIF89a", "GIF image"},
	{0, "II*\x00", "TIFF image"},
	{0, "MM\x00*", "TIFF image"},
	{0, "%PDF-", "PDF document"},
	{0, "PK\x03\x04", "ZIP archive"},
	{0, "PK\x05\x06", "empty ZIP archive"},
	{0, "\x1f\x8b", "gzip data"},
	{0, "BZh", "bzip2 data"},
	{0, "\xfd7zXZ\x00", "xz data"},
	{0, "\x28\xb5\x2f\xfd", "Zstandard data"},
	{0, "7z\xbc\xaf\x27\x1c", "7-Zip archive"},
	{0, "Rar!\x1a\x07", "RAR archive"},
	{257, "ustar", "tar archive"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Microsoft Office document"},
	{0, "\x7fELF", "ELF program"},
	{0, "MZ\x90\x00", "Windows program"},
	{0, "SQLite format 3\x00", "SQLite database"},
	{0, "\x89HDF\r\n\x1a\n", "HDF5 data"},
	{0, "PAR1", "Parquet table"},
	{0, "RIFF", "RIFF audio or video"},
	{0, "ID3", "MP3 audio"},
	{0, "OggS", "Ogg audio"},
	{4, "ftyp", "MP4 video"},
	{0, "%!PS", "PostScript document"},
	{0, "{\\rtf", "RTF document"},
	{0, "AT&TFORM", "DjVu document"},
	{0, "\x00asm", "WebAssembly module"},
}

// Magic names the kind of file that begins with the bytes head ("PNG image"),
// or returns "" when they are none of the kinds that it knows. It needs at most
// the first 512 bytes.
func Magic(head []byte) string {
	for _, s := range signatures {
		if len(head) >= s.offset+len(s.bytes) && bytes.HasPrefix(head[s.offset:], []byte(s.bytes)) {
			// "BZh" and "MZ" and the like begin words too.
			if s.kind == "bzip2 data" && (len(head) < 4 || head[3] < '1' || head[3] > '9') {
				continue
			}
			return s.kind
		}
	}
	return ""
}
