// Package packaging holds the tests of what surrounds the program: the files for containers, the service, the balancer,
// Prometheus and Grafana, the manual that explains them, and the script that counts the tests. They need no container
// engine. What these files say of the program itself is held against it in cmd/kohta.
package packaging
