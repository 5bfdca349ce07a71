package charset_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"

	"github.com/alkahest/alkahest/document/charset"
)

func encoded(t testing.TB, s string, e interface {
	String(string) (string, error)
}) string {
	t.Helper()
	out, err := e.String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDecode(t *testing.T) {
	const korean1 = "실험에 쓴 시약은 모두 정제 없이 사용하였다. 똠방각하." // the last is CP949 only
	for _, tt := range []struct {
		name, data, declared string
		want, encoding       string
	}{
		{"ASCII", "band gap 1.5 eV", "", "band gap 1.5 eV", "utf-8"},
		{"UTF-8", "1.5 Å", "", "1.5 Å", "utf-8"},
		{"UTF-8 with mark", "\xef\xbb\xbf1.5 Å", "", "1.5 Å", "utf-8"},
		{"UTF-8 declared as Latin-1", "1.5 Å ± 0.1", "iso-8859-1", "1.5 Å ± 0.1", "utf-8"},
		{"Latin-1", "20 \xb0C, 5 \xb5m", "", "20 °C, 5 µm", "windows-1252"},
		{"Windows-1252", "1\x965 eV \x93soft\x94", "", "1–5 eV “soft”", "windows-1252"},
		{"Latin-2 as declared", encoded(t, "Skłodowska measured č", charmap.ISO8859_2.NewEncoder()), "ISO-8859-2", "Skłodowska measured č", "iso-8859-2"},
		{"Shift JIS as declared", encoded(t, "電池の容量は大きい。測定した。", japanese.ShiftJIS.NewEncoder()), "shift_jis", "電池の容量は大きい。測定した。", "shift_jis"},
		{"CP949", encoded(t, korean1, korean.EUCKR.NewEncoder()), "", korean1, "euc-kr"},
		{"EUC-KR declared as Latin-1", encoded(t, korean1, korean.EUCKR.NewEncoder()), "latin1", korean1, "euc-kr"},
		{"UTF-16 big", "\xfe\xff\x00g\x00a\x00p", "", "gap", "utf-16be"},
		{"UTF-16 little", "\xff\xfeg\x00a\x00p\x00", "", "gap", "utf-16le"},
		{"UTF-16 surrogates", "\xff\xfe\x35\xd8\x38\xdf", "", "𝜸", "utf-16le"},
		{"ASCII with a zero", "The gap of \x00ZnO is 3.3 eV", "", "The gap of \x00ZnO is 3.3 eV", "utf-8"},
		{"UTF-16 without mark", "g\x00a\x00p\x00 \x002\x00", "", "gap 2", "utf-16le"},
	} {
		got, err := charset.Decode([]byte(tt.data), tt.declared)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if string(got.Text) != tt.want || got.Name != tt.encoding || got.Replaced != 0 {
			t.Errorf("%s: %q as %s, %d replaced, want %q as %s", tt.name, got.Text, got.Name, got.Replaced, tt.want, tt.encoding)
		}
	}
}

func TestDecodeDamaged(t *testing.T) {
	got, err := charset.Decode([]byte(strings.Repeat("Die Größe ist 5 µm. ", 10)+"\xc3"), "")
	if err != nil || got.Name != "utf-8" || got.Replaced != 1 {
		t.Errorf("cut UTF-8: %s, %d replaced, %v", got.Name, got.Replaced, err)
	}
	got, err = charset.Decode([]byte("\xff\xfea\x00\x00\xd8b"), "")
	if err != nil || got.Name != "utf-16le" || got.Replaced != 2 || string(got.Text) != "a\ufffd\ufffd" {
		t.Errorf("cut UTF-16: %q, %d replaced, %v", got.Text, got.Replaced, err)
	}
}

func TestDecodeBinary(t *testing.T) {
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	for _, tt := range []struct{ name, data, want string }{
		{"PNG", "\x89PNG\r\n\x1a\n", "PNG image"},
		{"JPEG", "\xff\xd8\xff\xe0", "JPEG image"},
		{"zip", "PK\x03\x04rest", "ZIP archive"},
		{"HWP and DOC", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Microsoft Office document"},
		{"zeros", strings.Repeat("\x00", 100), "100 NUL bytes"},
		{"noise", string(noise), "NUL bytes"},
		{"controls", strings.Repeat("a\x01\x02", 100), "200 control characters"},
	} {
		_, err := charset.Decode([]byte(tt.data), "")
		if !errors.Is(err, charset.ErrBinary) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want it to name %s", tt.name, err, tt.want)
		}
	}
	if kind := charset.Magic([]byte("BZhang measured")); kind != "" {
		t.Errorf("a name is taken for %s", kind)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("20 \xb0C"), "")
	f.Add([]byte("\xff\xfea\x00"), "utf-8")
	f.Add([]byte("\xbd\xc7\xc7\xe8\xbf\xa1"), "euc-kr")
	f.Add([]byte("\x1b$B"), "iso-2022-jp")
	f.Fuzz(func(t *testing.T, data []byte, declared string) {
		got, err := charset.Decode(data, declared)
		if err != nil {
			return
		}
		if !utf8.Valid(got.Text) {
			t.Errorf("not UTF-8: %q", got.Text)
		}
		if got.Name == "utf-8" && got.Replaced == 0 && !bytes.HasSuffix(data, got.Text) {
			t.Errorf("UTF-8 %q became %q", data, got.Text)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	plain := bytes.Repeat([]byte("The gap is 1.5 eV at 300 K. "), 10000)
	euckr := bytes.Repeat([]byte("\xbd\xc7\xc7\xe8\xbf\xa1 25 K "), 10000)
	for name, data := range map[string][]byte{"utf-8": plain, "euc-kr": euckr} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := charset.Decode(data, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
