package session

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// Cost of a hash: OWASP's least for Argon2id. Stored hashes say with which cost they were made, so it can rise.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	threads   = 1
	saltBytes = 16
	keyBytes  = 32
)

// MaxPassword is the longest password that is looked at, in bytes.
const MaxPassword = 1024

// HashPassword returns an Argon2id hash with a salt of its own, in the usual text form. It takes some 30 ms and 19 MiB.
func HashPassword(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails, by its own word
	key := argon2.IDKey([]byte(password), salt, passes, memoryKiB, threads, keyBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// Bounds of what a stored hash may ask for, so that a spoilt row cannot take all memory.
const (
	maxMemoryKiB = 256 * 1024
	maxPasses    = 16
	maxThreads   = 16
)

// Verify tells whether a password is the one that was hashed. It takes as long as hashing, whatever the answer.
func Verify(password, hash string) bool {
	var version, memory, time, lanes int
	var rest string
	n, err := fmt.Sscanf(hash, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &memory, &time, &lanes, &rest)
	if err != nil || n != 5 || version != argon2.Version || memory < 8 || memory > maxMemoryKiB ||
		time < 1 || time > maxPasses || lanes < 1 || lanes > maxThreads {
		return false
	}
	salt, want, err := split(rest)
	if err != nil {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, uint32(time), uint32(memory), uint8(lanes), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

func split(rest string) (salt, key []byte, err error) {
	for i := range rest {
		if rest[i] != '$' {
			continue
		}
		if salt, err = base64.RawStdEncoding.DecodeString(rest[:i]); err != nil {
			return nil, nil, fmt.Errorf("the salt of a password's hash: %w", err)
		}
		if key, err = base64.RawStdEncoding.DecodeString(rest[i+1:]); err != nil || len(key) < 16 || len(key) > 128 {
			return nil, nil, fmt.Errorf("the key of a password's hash: %d bytes, %w", len(key), err)
		}
		return salt, key, nil
	}
	return nil, nil, fmt.Errorf("a password's hash has no key")
}
