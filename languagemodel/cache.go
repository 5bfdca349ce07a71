package languagemodel

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
)

// Cache keeps answers in a folder, each under the hash of its request, so that
// reading a document again asks nothing again. An empty Cache keeps nothing.
type Cache string

func (c Cache) path(endpoint string, body []byte) string {
	h := sha256.New()
	h.Write([]byte(endpoint))
	h.Write([]byte{0})
	h.Write(body)
	sum := hex.EncodeToString(h.Sum(nil))
	return filepath.Join(string(c), sum[:2], sum+".json")
}

// get returns the answer to body, if there is one.
func (c Cache) get(endpoint string, body []byte) (string, bool) {
	if c == "" {
		return "", false
	}
	data, err := os.ReadFile(c.path(endpoint, body))
	return string(data), err == nil
}

// put keeps text as the answer to body. The file appears whole or not at all.
func (c Cache) put(endpoint string, body []byte, text string) error {
	if c == "" {
		return nil
	}
	path := c.path(endpoint, body)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "answer-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
