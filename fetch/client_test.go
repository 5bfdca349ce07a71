package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// clock is a time that passes only by waiting.
type clock struct {
	now   time.Time
	waits []time.Duration
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.waits = append(c.waits, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

// testClient returns a client of services that handler answers, at the paths
// /europepmc/, /arxiv/, /openalex/ and /uspto/.
func testClient(t testing.TB, handler http.Handler, change func(*Options)) (*Client, *clock, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	at := &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	options := Options{
		Program: "alkahest/test", Contact: "chemist@example.org", Mirrors: map[string]string{}, Keys: map[string]string{uspto: "secret"},
		Now: func() time.Time { return at.now }, Sleep: at.sleep, Rand: rand.New(rand.NewPCG(1, 2)), Idle: 2 * time.Second,
	}
	for _, name := range Services() {
		options.Mirrors[name] = server.URL + "/" + name
	}
	if change != nil {
		change(&options)
	}
	c, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, at, server
}

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "193.62.193.80": true, "2a00:1450:4001::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.0.1": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "fe80::1": false, "fc00::1": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "ff02::1": false, "::": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("public(%s) = %v", address, got)
		}
	}
}

// TestOwnNetwork checks that a service whose name leads into the own network is
// not connected to.
func TestOwnNetwork(t *testing.T) {
	asked := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	c, at, _ := testClient(t, http.NotFoundHandler(), func(o *Options) { o.Hosts = []string{strings.TrimPrefix(server.URL, "https://")} })
	_, err := c.answer(t.Context(), elsewhere, server.URL)
	if !errors.Is(err, ErrRefused) || asked || len(at.waits) > 0 {
		t.Errorf("%v (asked: %v, waited %v), want ErrRefused at once", err, asked, at.waits)
	}
}

func TestAdmits(t *testing.T) {
	s := service{hosts: []string{"arxiv.org"}}
	for address, want := range map[string]bool{
		"https://arxiv.org/x": true, "https://export.arxiv.org/x": true, "https://ARXIV.org:443/": true,
		"http://arxiv.org/x": false, "https://arxiv.org.evil.org/": false, "https://notarxiv.org/": false, "https://arxiv.org:8443/": false,
		"file:///etc/passwd": false, "ftp://arxiv.org/": false, "https://user@arxiv.org/": false, "https://169.254.169.254/": false, "gopher://arxiv.org": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.admits(u); (got == nil) != want || got != nil && !errors.Is(got, ErrRefused) {
			t.Errorf("admits(%s) = %v, want %v", address, got, want)
		}
	}
}

func TestRedirects(t *testing.T) {
	handler := http.NewServeMux()
	handler.HandleFunc("/arxiv/to", func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Location"] = []string{r.URL.Query().Get("u")}
		w.WriteHeader(http.StatusFound)
	})
	handler.HandleFunc("/arxiv/end", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "end") })
	handler.HandleFunc("/arxiv/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/arxiv/loop", http.StatusFound) })
	c, _, server := testClient(t, handler, nil)
	for _, to := range []string{
		"file:///etc/passwd", "http://169.254.169.254/latest/meta-data/", "https://169.254.169.254/", "http://localhost:1/", "https://example.org/",
		"//example.org/x", "javascript:alert(1)", "http://[::1]/", "", "http://%zz/", "ftp://" + strings.TrimPrefix(server.URL, "http://") + "/arxiv/end",
	} {
		if data, err := c.answer(t.Context(), arXiv, c.address(arXiv, "to", url.Values{"u": {to}})); !errors.Is(err, ErrRefused) {
			t.Errorf("redirected to %q: %q, %v, want ErrRefused", to, data, err)
		}
	}
	for _, to := range []string{"/arxiv/end", server.URL + "/arxiv/end", "end"} {
		if data, err := c.answer(t.Context(), arXiv, c.address(arXiv, "to", url.Values{"u": {to}})); err != nil || string(data) != "end" {
			t.Errorf("redirected to %q: %q, %v", to, data, err)
		}
	}
	if _, err := c.answer(t.Context(), arXiv, c.address(arXiv, "loop", nil)); !errors.Is(err, ErrRefused) {
		t.Errorf("a loop: %v", err)
	}
}

// TestKeyStays checks that a key is sent to its service, and not to where the
// service redirects.
func TestKeyStays(t *testing.T) {
	var keys []string
	note := func(r *http.Request) { keys = append(keys, r.Header.Get("X-API-Key")) }
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { note(r); fmt.Fprint(w, "file") }))
	defer other.Close()
	c, _, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note(r)
		http.Redirect(w, r, other.URL, http.StatusFound)
	}), func(o *Options) { o.Mirrors[arXiv] = other.URL })
	s, err := c.service(uspto)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(other.URL)
	if s.own(u) {
		t.Fatal("the other host is taken for the service")
	}
	// The mirror's hosts do not have the other one: refused, and the key has
	// been seen by the service alone.
	if _, err := c.answer(t.Context(), uspto, c.address(uspto, "x", nil)); !errors.Is(err, ErrRefused) || len(keys) != 1 || keys[0] != "secret" {
		t.Errorf("%v, keys %q", err, keys)
	}
	// Nor is it sent to another service.
	keys = nil
	if _, err := c.answer(t.Context(), arXiv, c.address(arXiv, "x", nil)); err != nil || keys[0] != "" {
		t.Errorf("%v, keys %q", err, keys)
	}
}

func TestPace(t *testing.T) {
	agents := map[string]int{}
	c, at, _ := testClient(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { agents[r.UserAgent()]++ }), nil)
	for range 3 {
		if _, err := c.answer(t.Context(), arXiv, c.address(arXiv, "x", nil)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.answer(t.Context(), europePMC, c.address(europePMC, "x", nil)); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(at.waits) != "[3s 3s]" {
		t.Errorf("waited %v, want three seconds between requests to arXiv, none before another service", at.waits)
	}
	if agents["alkahest/test (mailto:chemist@example.org)"] != 4 {
		t.Errorf("called itself %v", agents)
	}
}

func TestRetry(t *testing.T) {
	for _, test := range []struct {
		name     string
		statuses []int
		after    string
		wantErr  bool
		requests int
		least    time.Duration // waited in all, at least
	}{
		{"busy, then well", []int{503, 429, 200}, "", false, 3, 1500 * time.Millisecond},
		{"asks to wait", []int{429, 200}, "120", false, 2, 120 * time.Second},
		{"asks to wait until", []int{503, 200}, "Fri, 02 Jan 2026 03:05:05 GMT", false, 2, 59 * time.Second},
		{"asks to wait for a day", []int{429, 200}, "86400", true, 1, 0},
		{"never well", []int{500, 500, 500, 500, 500, 500}, "", true, 5, 7 * time.Second},
		{"not there", []int{404, 200}, "", true, 1, 0},
		{"forbidden", []int{403, 200}, "", true, 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := 0
			c, at, _ := testClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if test.after != "" {
					w.Header().Set("Retry-After", test.after)
				}
				w.WriteHeader(test.statuses[min(n, len(test.statuses)-1)])
				n++
			}), nil)
			begin := at.now
			_, err := c.answer(t.Context(), openAlex, c.address(openAlex, "x", url.Values{"api_key": {"hidden"}}))
			if (err != nil) != test.wantErr || n != test.requests || at.now.Sub(begin) < test.least {
				t.Errorf("%v after %d requests and %s", err, n, at.now.Sub(begin))
			}
			if err != nil && strings.Contains(err.Error(), "hidden") {
				t.Errorf("the message has the key: %v", err)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Duration{
		"": 0, "5": 5 * time.Second, "-5": 0, "x": 0, "99999999999999999999": 0, "Thu, 01 Jan 2026 00:01:00 GMT": time.Minute, "Wed, 31 Dec 2025 00:00:00 GMT": 0,
	} {
		if got := retryAfter(s, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", s, got, want)
		}
	}
}

// endless is an answer without an end.
func endless(w http.ResponseWriter) {
	block := make([]byte, 1<<20)
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func TestHostileAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		want   error
	}{
		"endless":  {func(w http.ResponseWriter, _ *http.Request) { endless(w) }, ErrTooLarge},
		"web page": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<!DOCTYPE html><p>Please log in") }, ErrAnswer},
		"bomb": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&b;</title></entry></feed>`)
		}, ErrAnswer},
		"deep": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("<a>", 1<<20)) }, ErrAnswer},
		"silent": {func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
		}, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, _ := testClient(t, http.HandlerFunc(test.answer), func(o *Options) {
				o.Attempts = 1
				if name == "silent" {
					o.Idle = 100 * time.Millisecond
				}
			})
			for _, err := range c.ArXiv(t.Context(), "garnet", 5, false) {
				if !errors.Is(err, test.want) {
					t.Errorf("%v, want %v", err, test.want)
				}
				if err == nil {
					break
				}
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for name, base := range map[string]string{"nobody": "https://x/", "arxiv": "file:///x", "uspto": "x", "openalex": "http://"} {
		if _, err := New(Options{Mirrors: map[string]string{name: base}}); err == nil {
			t.Errorf("a mirror %s=%s is taken", name, base)
		}
	}
}
