package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Act is something that was done outside of a conversation: a sign-in, a change of people, roles or settings, an
// export, a supervisor's reading. It names what was done and never quotes what people said.
type Act struct {
	At      time.Time
	Actor   string // agent's id, or the name of a command
	Address string // where from
	Verb    string
	Object  string
	Detail  string // what changed, in short
}

// AuditRow is an act in its place in the chain.
type AuditRow struct {
	N    int64 // 1, 2, 3 … without a hole
	Act  Act
	Hash string // Chain of the row before and this act
}

// Audit is the list of acts. Rows are only ever added, and each carries a hash over the one before, so that a row
// that was changed, removed or slipped in shows. (Rows cut off at the end do not: keep the last hash elsewhere.)
type Audit interface {
	// RecordActs adds acts in their order.
	RecordActs(ctx context.Context, acts ...Act) error

	// Acts lists the audit from the row after N = after on, at most limit (1 to MaxPage).
	Acts(ctx context.Context, after int64, limit int) ([]AuditRow, error)
}

// Chain is the hash of an audit row: hex of SHA-256 over the hash before it (empty for the first) and the act as JSON
// with a fixed order of fields and the time in milliseconds.
func Chain(before string, a Act) string {
	row, err := json.Marshal([]any{before, a.At.UnixMilli(), a.Actor, a.Address, a.Verb, a.Object, a.Detail})
	if err != nil {
		panic(fmt.Sprintf("store: an act is strings alone, and still: %v", err))
	}
	sum := sha256.Sum256(row)
	return hex.EncodeToString(sum[:])
}

// VerifyAudit reads the whole audit and returns the number of rows and the last hash. Its error names the first row
// that does not follow from those before it.
func VerifyAudit(ctx context.Context, audit Audit) (rows int64, hash string, err error) {
	for {
		page, err := audit.Acts(ctx, rows, MaxPage)
		if err != nil {
			return rows, hash, fmt.Errorf("verify audit: %w", err)
		}
		for _, row := range page {
			if row.N != rows+1 {
				return rows, hash, fmt.Errorf("audit row %d is missing", rows+1)
			}
			if row.Hash != Chain(hash, row.Act) {
				return rows, hash, fmt.Errorf("audit row %d is not what was written", row.N)
			}
			rows, hash = row.N, row.Hash
		}
		if len(page) < MaxPage {
			return rows, hash, nil
		}
	}
}
