package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/alkahest/alkahest/document"
	"github.com/alkahest/alkahest/extract"
	"github.com/alkahest/alkahest/field"
	"github.com/alkahest/alkahest/languagemodel"
	"github.com/alkahest/alkahest/record"
)

// modelKey names the variable that holds the key for the language model. It is
// no flag, because command lines are seen by others.
const modelKey = "ALKAHEST_LLM_KEY"

// modelFlags are the flags of verbs that can have a language model look over
// what they read.
type modelFlags struct {
	LLM         string        `name:"llm" placeholder:"URL" help:"Have the language model at this OpenAI-compatible address judge and complete the records, such as http://localhost:8080/v1. Text of the documents is sent there. A key is taken from $$ALKAHEST_LLM_KEY."`
	LLMModel    string        `name:"llm-model" placeholder:"NAME" default:"default" help:"Name of the model at that address (${default})."`
	LLMRequests int           `name:"llm-requests" placeholder:"N" default:"1000" help:"Ask at most so often (${default})."`
	LLMTokens   int           `name:"llm-tokens" placeholder:"N" default:"5000000" help:"Use at most so many tokens (${default})."`
	LLMTimeout  time.Duration `name:"llm-timeout" placeholder:"T" default:"2m" help:"Longest wait for one answer (${default})."`
	LLMCache    string        `name:"llm-cache" placeholder:"DIR" help:"Folder that keeps the answers (default: the user's cache folder); - for none."`
}

// recordReader reads the records of documents. Records beside an error are
// good; the error says what was left undone.
type recordReader interface {
	Extract(ctx context.Context, doc *document.Document) ([]*record.Record, error)
}

// maxAnswers bounds the bytes of the answers of the language model that are kept.
const maxAnswers = 1 << 30

// grammars is a recordReader without a language model.
type grammars struct{ *extract.Extractor }

func (g grammars) Extract(_ context.Context, doc *document.Document) ([]*record.Record, error) {
	return g.Extractor.Extract(doc), nil
}

// reader returns the reader that the flags ask for. report prints what the
// language model did.
func (f *modelFlags) reader(e *environment, fields *field.Set) (r recordReader, report func(), err error) {
	x, err := e.extractor(fields)
	if err != nil {
		return nil, nil, err
	}
	if f.LLM == "" {
		return sheetReader{grammars{x}, fields}, func() {}, nil
	}
	if f.LLMRequests < 1 || f.LLMTokens < 1 || f.LLMTimeout <= 0 {
		return nil, nil, usagef("limits of the language model must be at least 1; without --llm nothing is asked")
	}
	client, err := languagemodel.NewClient(languagemodel.Settings{
		URL: f.LLM, Model: f.LLMModel, Key: os.Getenv(modelKey), Timeout: f.LLMTimeout, Requests: f.LLMRequests, Tokens: f.LLMTokens,
	})
	if err != nil {
		return nil, nil, &usageError{err: err}
	}
	cache, err := cacheFolder(f.LLMCache, "answers", maxAnswers)
	if err != nil {
		return nil, nil, &usageError{fmt.Errorf("no folder to keep answers in: %w", err), "name one with --llm-cache, or --llm-cache - for none"}
	}
	v := languagemodel.NewReviewer(client, x, fields, cache)
	return sheetReader{v, fields}, func() {
		u := v.Usage()
		fmt.Fprintf(e.errOut, "language model %s: %s, %s from the cache, %d tokens; it confirmed %s, doubted %d, added %d; %d of its statements were refused\n",
			visible(f.LLMModel), count(u.Requests, "request"), count(u.Cached, "answer"), u.Tokens, count(u.Confirmed, "record"), u.Doubted, u.Added, u.Refused)
	}, nil
}

// version tells readings with this model from others.
func (f *modelFlags) version() string {
	if f.LLM == "" {
		return ""
	}
	return "+" + f.LLMModel
}

// undone returns what an error of a recordReader means for the document: a
// warning, unless the user ended the run or what he wrote for it is wrong.
func undone(ctx context.Context, err error) (warning string, fatal error) {
	var wrong *mappingError
	switch {
	case err == nil:
		return "", nil
	case errors.As(err, &wrong):
		return "", err
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return "", err
	}
	return err.Error(), nil
}
