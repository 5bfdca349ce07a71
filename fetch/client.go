package fetch

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Options says how a client behaves. The zero value of each field means what it
// says, except for Now, Sleep and Rand, which must be set.
type Options struct {
	Contact string            // mail address by which a service can reach the user; sent with every request
	Program string            // name and version of the program, sent with every request
	Mirrors map[string]string // base addresses instead of those of services, by service; they may lie inside of the own network
	Hosts   []string          // further hosts from which copies may be fetched, besides those of the services
	Keys    map[string]string // keys of services that want one, by service
	MaxSize int64             // bytes of one file; 0 means 256 MiB
	Idle    time.Duration     // after which a silent connection is given up; 0 means a minute

	Attempts int // for one request; 0 means 5

	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	Rand  *rand.Rand // spreads the times of new attempts
}

// Bounds on answers and waiting.
const (
	maxAnswer    = 32 << 20 // bytes of an answer that is not a document
	maxWait      = 10 * time.Minute
	maxRedirects = 5
)

// Client fetches. Its methods may be called by one goroutine at a time.
type Client struct {
	options   Options
	transport *http.Transport // not a http.Client, which would look at redirects before we do

	mu   sync.Mutex
	next map[string]time.Time // when a service may be asked again
}

// New returns a client. It reports an error when an address of a mirror is
// none.
func New(options Options) (*Client, error) {
	if options.MaxSize <= 0 {
		options.MaxSize = 256 << 20
	}
	if options.Idle <= 0 {
		options.Idle = time.Minute
	}
	if options.Attempts <= 0 {
		options.Attempts = 5
	}
	trusted := map[string]bool{} // host:port that may lie inside of the own network
	for name, base := range options.Mirrors {
		if !slices.ContainsFunc(services, func(s service) bool { return s.name == name }) {
			return nil, fmt.Errorf("mirror %s=%s: there is no service %q", name, base, name)
		}
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("mirror %s=%s: no address such as https://host/", name, base)
		}
		trusted[hostPort(u)] = true
	}
	plain := &net.Dialer{Timeout: 30 * time.Second}
	guarded := &net.Dialer{Timeout: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		if at, err := netip.ParseAddrPort(address); err != nil || !public(at.Addr()) {
			return fmt.Errorf("%w: %s lies inside of the own network", ErrRefused, address)
		}
		return nil
	}}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if trusted[address] || isProxy(address) {
				return plain.DialContext(ctx, network, address)
			}
			return guarded.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    30 * time.Second,
		ResponseHeaderTimeout:  options.Idle,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // ranges are of the bytes as they are sent
		MaxIdleConns:           4,
		IdleConnTimeout:        time.Minute,
	}
	return &Client{options: options, transport: transport, next: map[string]time.Time{}}, nil
}

// Close gives back connections.
func (c *Client) Close() error {
	c.transport.CloseIdleConnections()
	return nil
}

// isProxy reports whether address is the proxy that the user's environment
// names, which usually lies inside of the own network.
func isProxy(address string) bool {
	for _, scheme := range []string{"http", "https"} {
		proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: scheme, Host: "example.org"}})
		if err == nil && proxy != nil && hostPort(proxy) == address {
			return true
		}
	}
	return false
}

// hostPort returns the host and port that u names.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80", "socks5": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// notPublic are the networks that do not lie in the public internet and that
// netip has no method for: RFC 6598, RFC 2544, RFC 6890, RFC 5737, and IPv6
// addresses that stand for IPv4 ones (RFC 6052, RFC 3056, RFC 4380).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// public reports whether a lies in the public internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() &&
		!slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}

// StatusError reports the status with which a service answered.
type StatusError struct {
	URL   string
	Code  int
	After time.Duration // that the service asks to wait; 0 when it does not say
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("%s: %d %s", e.URL, e.Code, http.StatusText(e.Code))
	if e.After > 0 {
		s += fmt.Sprintf("; asks to come back after %s", e.After.Round(time.Second))
	}
	return s
}

// interruption is a failure of the connection, after which it is worth trying
// again.
type interruption struct{ err error }

func (e *interruption) Error() string { return e.err.Error() }
func (e *interruption) Unwrap() error { return e.err }

// temporary reports whether another attempt may succeed.
func temporary(err error) bool {
	var status *StatusError
	if errors.As(err, &status) && status.Code != http.StatusRequestedRangeNotSatisfiable {
		return status.Code == http.StatusTooManyRequests || status.Code == http.StatusRequestTimeout || status.Code >= 500 && status.Code != http.StatusNotImplemented
	}
	var broken *interruption
	return errors.As(err, &broken)
}

// backoff returns how long to wait before an attempt after err, or a negative
// number when the service asks for more than we wait.
func (c *Client) backoff(attempt int, err error) time.Duration {
	wait := time.Second << min(attempt-1, 6)
	wait = wait/2 + time.Duration(c.options.Rand.Int64N(int64(wait/2)+1))
	var status *StatusError
	if errors.As(err, &status) && status.After > 0 {
		if status.After > maxWait {
			return -1
		}
		wait = max(wait, status.After)
	}
	return wait
}

// pace waits until the service may be asked again.
func (c *Client) pace(ctx context.Context, s *service) error {
	c.mu.Lock()
	now := c.options.Now()
	at := c.next[s.name]
	if at.Before(now) {
		at = now
	}
	c.next[s.name] = at.Add(s.interval)
	c.mu.Unlock()
	if wait := at.Sub(now); wait > 0 {
		return c.options.Sleep(ctx, wait)
	}
	return ctx.Err()
}

// get sends one request to a service and follows redirects to its own hosts.
// An answer other than 200 and 206 is a *StatusError.
func (c *Client) get(ctx context.Context, method, name, address string, header http.Header) (*http.Response, error) {
	s, err := c.service(name)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	shown := withoutQuery(u) // keys do not belong into messages
	for range maxRedirects {
		if err := s.admits(u); err != nil {
			return nil, fmt.Errorf("%s: %w", shown, err)
		}
		if err := c.pace(ctx, s); err != nil {
			return nil, err
		}
		req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
		if err != nil {
			return nil, err
		}
		for key, values := range header {
			req.Header[key] = values
		}
		req.Header.Set("User-Agent", c.userAgent())
		if key := c.options.Keys[name]; key != "" && s.keyHeader != "" && s.own(u) {
			req.Header.Set(s.keyHeader, key)
		}
		resp, err := c.transport.RoundTrip(req)
		if err != nil {
			err = fmt.Errorf("%s: %w", shown, err)
			if ctx.Err() != nil || errors.Is(err, ErrRefused) {
				return nil, err
			}
			return nil, &interruption{err}
		}
		switch resp.StatusCode {
		case http.StatusOK, http.StatusPartialContent:
			return resp, nil
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			to, err := u.Parse(resp.Header.Get("Location"))
			resp.Body.Close()
			if err != nil || resp.Header.Get("Location") == "" {
				return nil, fmt.Errorf("%s: %w: redirected to %q", shown, ErrRefused, resp.Header.Get("Location"))
			}
			u = to
			continue
		}
		after := retryAfter(resp.Header.Get("Retry-After"), c.options.Now())
		resp.Body.Close()
		return nil, &StatusError{URL: shown, Code: resp.StatusCode, After: after}
	}
	return nil, fmt.Errorf("%s: %w: redirected more than %d times", shown, ErrRefused, maxRedirects)
}

func withoutQuery(u *url.URL) string {
	shown := *u
	shown.RawQuery, shown.Fragment, shown.User = "", "", nil
	return shown.String()
}

func (c *Client) userAgent() string {
	s := c.options.Program
	if c.options.Contact != "" {
		s += " (mailto:" + c.options.Contact + ")"
	}
	return s
}

// retryAfter reads the header of that name: seconds, or a date (RFC 9110,
// 10.2.3). It returns 0 for anything else.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 {
		return time.Duration(min(n, 1<<30)) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// answer fetches a short answer, trying again after temporary failures.
func (c *Client) answer(ctx context.Context, name, address string) ([]byte, error) {
	var err error
	for attempt := range c.options.Attempts {
		if attempt > 0 {
			wait := c.backoff(attempt, err)
			if wait < 0 {
				return nil, err
			}
			if err := c.options.Sleep(ctx, wait); err != nil {
				return nil, err
			}
		}
		var data []byte
		if data, err = c.answerOnce(ctx, name, address); err == nil || ctx.Err() != nil || !temporary(err) {
			return data, err
		}
	}
	return nil, fmt.Errorf("given up after %d attempts: %w", c.options.Attempts, err)
}

func (c *Client) answerOnce(ctx context.Context, name, address string) ([]byte, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	resp, err := c.get(ctx, http.MethodGet, name, address, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body := &patient{r: resp.Body, timer: time.AfterFunc(c.options.Idle, cancel), idle: c.options.Idle}
	defer body.timer.Stop()
	data, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	u, _ := url.Parse(address)
	switch {
	case err != nil:
		return nil, &interruption{fmt.Errorf("%s: %w", withoutQuery(u), err)}
	case len(data) > maxAnswer:
		return nil, fmt.Errorf("%s: %w: an answer of more than %d bytes", withoutQuery(u), ErrTooLarge, maxAnswer)
	}
	return data, nil
}

// decode reads an answer in JSON or XML into v.
func decode(what string, unmarshal func([]byte, any) error, data []byte, v any) error {
	if err := unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w: %w; it begins with %q", what, ErrAnswer, err, beginning(data))
	}
	return nil
}

var (
	fromJSON = json.Unmarshal
	fromXML  = xml.Unmarshal // entities other than those of XML itself are errors
)
