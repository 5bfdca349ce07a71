// Package languagemodel lets a language model judge records and add what the
// grammars missed. The model is reached over the chat completions of an
// OpenAI-compatible server that the user names; nothing is sent anywhere else.
//
// The model is not trusted. Text of documents goes to it as data, its answer
// must fit a strict JSON schema, and of what it states only that becomes a
// record which package extract finds in the document again: the subject's
// words, the value's words, a unit of the property's dimension, a plausible
// number.
package languagemodel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client asks one model on one server. Its zero value is not usable; see
// NewClient.
type Client struct {
	endpoint string
	settings Settings
	http     *http.Client
	wait     func(context.Context, time.Duration) error
}

// Settings say which model to ask, and what it may cost.
type Settings struct {
	URL       string        // base of the API, such as "http://localhost:8080/v1"
	Model     string        // name that the server knows the model by
	Key       string        // sent as bearer token if not empty
	Timeout   time.Duration // for one answer; 0 is two minutes
	Requests  int           // requests at most; 0 is 1,000
	Tokens    int           // tokens of prompts and answers at most, as the server counts them; 0 is five million
	MaxAnswer int           // tokens of one answer at most; 0 is 2,000
}

// Limits of what is believed of a server.
const (
	maxBody     = 1 << 20 // bytes of an answer
	maxAttempts = 3
	maxPause    = 30 * time.Second
)

// ErrBudget reports that the requests or tokens of the settings are used up.
var ErrBudget = errors.New("the budget for the language model is used up")

// NewClient returns a client with the defaults filled in. It reports an error
// if the URL is not one of http or https, or no model is named.
func NewClient(s Settings) (*Client, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a language model; one looks like http://localhost:8080/v1", s.URL)
	}
	if s.Model == "" {
		return nil, errors.New("no language model is named")
	}
	if s.Timeout <= 0 {
		s.Timeout = 2 * time.Minute
	}
	if s.Requests <= 0 {
		s.Requests = 1000
	}
	if s.Tokens <= 0 {
		s.Tokens = 5_000_000
	}
	if s.MaxAnswer <= 0 {
		s.MaxAnswer = 2000
	}
	return &Client{
		endpoint: u.JoinPath("chat/completions").String(),
		settings: s,
		http: &http.Client{
			// A server that sends the text on to another is not the one named.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		wait: pause,
	}, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// message is one turn of a chat.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// request is the body of a chat completion, as the OpenAI API reference
// (platform.openai.com/docs/api-reference/chat, 2025) has it.
type request struct {
	Model          string    `json:"model"`
	Messages       []message `json:"messages"`
	Temperature    float64   `json:"temperature"`
	Seed           int       `json:"seed"`
	MaxTokens      int       `json:"max_tokens"`
	ResponseFormat any       `json:"response_format"`
}

// answer is what comes back, as far as it is used.
type answer struct {
	Choices []struct {
		Message      message `json:"message"`
		FinishReason string  `json:"finish_reason"`
	} `json:"choices"`
	Usage struct {
		TotalTokens int `json:"total_tokens"`
	} `json:"usage"`
}

// complete sends body and returns the text of the answer and the tokens that
// it cost. Busy servers and those that fail are asked again, three times at
// most.
func (c *Client) complete(ctx context.Context, body []byte) (text string, tokens int, err error) {
	for attempt := 1; ; attempt++ {
		var again time.Duration
		text, tokens, again, err = c.once(ctx, body)
		if err == nil || again == 0 || attempt == maxAttempts || ctx.Err() != nil {
			return text, tokens, err
		}
		if err := c.wait(ctx, again*time.Duration(attempt)); err != nil {
			return "", tokens, err
		}
	}
}

// once sends body once. again is how long to wait before asking again, 0 if
// that is no use.
func (c *Client) once(ctx context.Context, body []byte) (text string, tokens int, again time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.settings.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return "", 0, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if c.settings.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.settings.Key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return "", 0, time.Second, fmt.Errorf("language model: %w", err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return "", 0, time.Second, fmt.Errorf("language model: %w", err)
	case len(data) > maxBody:
		return "", 0, 0, fmt.Errorf("language model: the answer has more than %d bytes", maxBody)
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= 500:
		return "", 0, retryAfter(resp.Header), fmt.Errorf("language model: the server says %s", resp.Status)
	case resp.StatusCode != http.StatusOK:
		return "", 0, 0, fmt.Errorf("language model: the server says %s: %s", resp.Status, clipped(data))
	}
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return "", 0, 0, fmt.Errorf("language model: the answer is no chat completion: %s", clipped(data))
	}
	tokens = max(a.Usage.TotalTokens, 0)
	if len(a.Choices) == 0 {
		return "", tokens, 0, errors.New("language model: the answer has no choices")
	}
	if a.Choices[0].FinishReason == "length" {
		return "", tokens, 0, fmt.Errorf("language model: the answer is longer than %d tokens", c.settings.MaxAnswer)
	}
	return a.Choices[0].Message.Content, tokens, 0, nil
}

// retryAfter returns how long the server asks to wait, within bounds.
func retryAfter(h http.Header) time.Duration {
	if s, err := strconv.Atoi(h.Get("Retry-After")); err == nil && s > 0 {
		return min(time.Duration(s)*time.Second, maxPause)
	}
	return time.Second
}

// clipped returns the beginning of what a server sent, for a message.
func clipped(data []byte) string {
	s := strings.ToValidUTF8(string(data[:min(len(data), 200)]), "")
	return strconv.Quote(strings.Join(strings.Fields(s), " "))
}
