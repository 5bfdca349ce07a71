package cli

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar shows how far a long verb has come, on a terminal only.
type bar struct {
	out io.Writer
	bar *progressbar.ProgressBar // nil until the total is known, and off a terminal
}

// newBar returns a bar on out, which stays invisible if out is no terminal.
func newBar(out io.Writer) *bar { return &bar{out: out} }

// set moves b to done of total things.
func (b *bar) set(done, total int) {
	if !isTerminal(b.out) {
		return
	}
	if b.bar == nil {
		b.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(b.out),
			progressbar.OptionSetDescription("reading"),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("documents"),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionFullWidth(),
			progressbar.OptionUseANSICodes(true),
			progressbar.OptionClearOnFinish())
	}
	b.bar.ChangeMax(total)
	_ = b.bar.Set(done) // only drawing can fail
}

// clear takes b off the screen.
func (b *bar) clear() {
	if b.bar != nil {
		_ = b.bar.Clear()
		b.bar = nil
	}
}
