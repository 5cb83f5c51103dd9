package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"lintel/rules"
)

// fingerprints hands out fingerprints that are unique in one report, as code hosts demand. Two
// designs of one system's name can hold findings with the same fingerprint; all but the first get
// one that also depends on how often it was seen.
type fingerprints map[string]int

func (seen fingerprints) of(f *rules.Finding) string { return seen.unique(f.Fingerprint()) }

func (seen fingerprints) unique(fp string) string {
	n := seen[fp]
	seen[fp]++
	if n == 0 {
		return fp
	}
	return hashed(fp, strconv.Itoa(n))
}

// hashed is the form of a fingerprint for what is not a finding.
func hashed(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
