package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// download is one file on its way.
type download struct {
	client    *Client
	copy      Copy
	file      *os.File
	validator string // of what is in file; empty when that is of no use
}

// run fetches the file, going on after interruptions, and calls begin before
// the first byte of a new version is written.
func (d *download) run(ctx context.Context, begin func(validator string) error) error {
	var err error
	for attempt := range d.client.options.Attempts {
		if attempt > 0 {
			if wait := d.client.backoff(attempt, err); wait < 0 {
				return err
			} else if err := d.client.options.Sleep(ctx, wait); err != nil {
				return err
			}
		}
		if err = d.once(ctx, begin); err == nil || ctx.Err() != nil || !temporary(err) {
			return err
		}
	}
	return fmt.Errorf("given up after %d attempts: %w", d.client.options.Attempts, err)
}

func (d *download) once(ctx context.Context, begin func(validator string) error) error {
	have, err := d.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if d.validator == "" {
		have = 0
	}
	header := http.Header{}
	if have > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		header.Set("If-Range", d.validator)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	resp, err := d.client.get(ctx, http.MethodGet, d.copy.Service, d.copy.URL, header)
	var status *StatusError
	if errors.As(err, &status) && status.Code == http.StatusRequestedRangeNotSatisfiable && have > 0 {
		d.validator = "" // begin again
		return &interruption{err}
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusPartialContent && have > 0:
		if !strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)) {
			d.validator = ""
			return &interruption{fmt.Errorf("%s: %w: asked for bytes from %d on, was offered %q", d.copy.URL, ErrAnswer, have, resp.Header.Get("Content-Range"))}
		}
	case resp.StatusCode == http.StatusOK:
		have = 0
		if err := d.file.Truncate(0); err != nil {
			return err
		}
		d.validator = validator(resp.Header)
		if err := begin(d.validator); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: %w: status %d", d.copy.URL, ErrAnswer, resp.StatusCode)
	}
	if _, err := d.file.Seek(have, io.SeekStart); err != nil {
		return err
	}
	most := d.client.options.MaxSize
	if resp.ContentLength > most-have {
		return fmt.Errorf("%s: %w: %d bytes, allowed are %d", d.copy.URL, ErrTooLarge, have+resp.ContentLength, most)
	}
	body := &patient{r: resp.Body, timer: time.AfterFunc(d.client.options.Idle, cancel), idle: d.client.options.Idle}
	defer body.timer.Stop()
	n, err := io.Copy(d.file, io.LimitReader(body, most-have+1))
	switch {
	case have+n > most:
		return fmt.Errorf("%s: %w: more than %d bytes", d.copy.URL, ErrTooLarge, most)
	case body.err != nil:
		return &interruption{fmt.Errorf("%s: after %d bytes: %w", d.copy.URL, have+n, body.err)}
	case err != nil:
		return err // of the disk
	case resp.ContentLength >= 0 && n < resp.ContentLength:
		return &interruption{fmt.Errorf("%s: ended after %d of %d bytes", d.copy.URL, have+n, have+resp.ContentLength)}
	}
	return nil
}

// validator returns what names this version of a file: a strong ETag, or the
// date of its last change.
func validator(h http.Header) string {
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return h.Get("Last-Modified")
}

// patient is a reader that gives up when nothing comes for a while.
type patient struct {
	r     io.Reader
	timer *time.Timer
	idle  time.Duration
	err   error // of r, unless it came to its end
}

func (p *patient) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.timer.Reset(p.idle)
	if err != nil && err != io.EOF {
		p.err = err
	}
	return n, err
}

// Size asks for the size of a copy, in bytes, and returns 0 when the service
// does not say.
func (c *Client) Size(ctx context.Context, copy Copy) (int64, error) {
	if copy.Size > 0 {
		return copy.Size, nil
	}
	resp, err := c.get(ctx, http.MethodHead, copy.Service, copy.URL, nil)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := strconv.ParseInt(resp.Header.Get("Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return 0, nil
	}
	return n, nil
}
