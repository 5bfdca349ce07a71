package fetch

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The names of the services.
const (
	europePMC = "europepmc"
	arXiv     = "arxiv"
	openAlex  = "openalex"
	uspto     = "uspto"
	elsewhere = "elsewhere" // open copies at hosts that the user named
)

// service is who answers, and how it wants to be asked.
type service struct {
	name      string
	base      string        // address, with a slash at its end
	hosts     []string      // it and what lies below it may be connected to
	interval  time.Duration // least time between two requests
	keyHeader string        // header in which the key is sent
	insecure  bool          // without TLS, because the user gave such an address
}

// services are all services, with the least time between requests that each
// asks for.
var services = []service{
	// 10 requests a second, https://europepmc.org/RestfulWebService.
	{name: europePMC, base: "https://www.ebi.ac.uk/europepmc/webservices/rest/", hosts: []string{"www.ebi.ac.uk", "europepmc.org"}, interval: 200 * time.Millisecond},
	// One request every three seconds, https://info.arxiv.org/help/api/tou.html.
	{name: arXiv, base: "https://export.arxiv.org/", hosts: []string{"arxiv.org"}, interval: 3 * time.Second},
	// 10 requests a second, https://developers.openalex.org.
	{name: openAlex, base: "https://api.openalex.org/", hosts: []string{"api.openalex.org"}, interval: 200 * time.Millisecond},
	// 60 requests a minute, of files 4 (https://data.uspto.gov/apis/api-rate-limits).
	// The files themselves lie at CloudFront, under addresses that expire.
	{name: uspto, base: "https://api.uspto.gov/api/v1/", hosts: []string{"api.uspto.gov", "data.uspto.gov", "cloudfront.net"}, interval: 2 * time.Second, keyHeader: "X-API-Key"},
	{name: elsewhere, interval: time.Second},
}

// Services returns the names of the services that may be mirrored.
func Services() []string { return []string{europePMC, arXiv, openAlex, uspto} }

// service returns the service of that name as the options want it.
func (c *Client) service(name string) (*service, error) {
	for _, s := range services {
		if s.name != name {
			continue
		}
		if s.name == elsewhere {
			s.hosts = c.options.Hosts
		}
		if mirror := c.options.Mirrors[name]; mirror != "" {
			u, err := url.Parse(mirror)
			if err != nil {
				return nil, err
			}
			s.base = strings.TrimRight(mirror, "/") + "/"
			s.hosts = []string{u.Host}
			s.insecure = u.Scheme == "http"
		}
		return &s, nil
	}
	return nil, fmt.Errorf("there is no service %q", name)
}

// address returns the address of a path of the service, with a query.
func (c *Client) address(name, path string, query url.Values) string {
	s, err := c.service(name)
	if err != nil {
		return ""
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return s.base + path
}

// admits reports an error unless the service may be asked at u.
func (s *service) admits(u *url.URL) error {
	if u.Scheme != "https" && !(u.Scheme == "http" && s.insecure) {
		return fmt.Errorf("%w: %s: the scheme is not https", ErrRefused, withoutQuery(u))
	}
	if u.User != nil {
		return fmt.Errorf("%w: %s: an address with a password", ErrRefused, u.Host)
	}
	if !slices.ContainsFunc(s.hosts, func(h string) bool { return within(u, h) }) {
		return fmt.Errorf("%w: nobody asked for the host %s", ErrRefused, u.Host)
	}
	return nil
}

// own reports whether u is at the host of the service itself, which may see
// its key.
func (s *service) own(u *url.URL) bool {
	base, err := url.Parse(s.base)
	return err == nil && base.Host == u.Host
}

// within reports whether u is at host or at a host below it, on the port that
// host names or the usual one.
func within(u *url.URL, host string) bool {
	at, want := strings.ToLower(u.Host), strings.ToLower(host)
	if strings.Contains(want, ":") {
		return at == want
	}
	if p := u.Port(); p != "" && p != "443" {
		return false
	}
	at = strings.ToLower(u.Hostname())
	return at == want || strings.HasSuffix(at, "."+want)
}
