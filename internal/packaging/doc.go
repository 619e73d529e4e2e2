// Package packaging holds the tests of what surrounds the program: the container files, and the script that counts the
// tests. They need no container engine.
package packaging
