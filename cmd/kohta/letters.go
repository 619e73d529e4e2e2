package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"go.uber.org/zap"

	"github.com/kohta/kohta/gateway"
	"github.com/kohta/kohta/outbound/mail"
)

// mailFlags say how letters to customers go out, and where their links lead.
type mailFlags struct {
	SMTP         string `name:"smtp" env:"KOHTA_SMTP" help:"Mail server for letters to customers, such as smtp://user:password@mail.example:587, or smtps://; none go out if empty. With a password in it, give it in the environment." placeholder:"URL"`
	PasswordFile string `name:"smtp-password-file" env:"KOHTA_SMTP_PASSWORD_FILE" help:"File with the mail server's password, in the place of one in the address." placeholder:"FILE"`
	Secrecy      string `name:"smtp-tls" enum:"auto,on,off" default:"auto" env:"KOHTA_SMTP_TLS" help:"auto asks for TLS unless the mail server is on this machine; on always; off never."`
	From         string `name:"mail-from" env:"KOHTA_MAIL_FROM" help:"Whom letters come from, such as 'Shop <support@shop.example>'." placeholder:"ADDRESS"`
	PublicURL    string `name:"public-url" env:"KOHTA_PUBLIC_URL" help:"The desk's address as customers reach it, for links in letters; the one it listens on if empty." placeholder:"URL"`
}

// check refuses settings that cannot be, each in one sentence that tells no secret.
func (f mailFlags) check(listen string) error {
	if f.PublicURL != "" {
		if err := checkPublic(f.PublicURL); err != nil {
			return err
		}
	}
	if f.SMTP == "" {
		if f.PasswordFile != "" {
			return fmt.Errorf("--smtp-password-file goes with --smtp, which says where the mail server is")
		}
		return nil
	}
	if f.From == "" {
		return fmt.Errorf("--smtp needs --mail-from, the address that letters come from, such as support@shop.example")
	}
	host, _, err := net.SplitHostPort(listen)
	if err == nil && f.PublicURL == "" && !loopback(host) {
		return fmt.Errorf("--smtp needs --public-url here: letters have links, and customers cannot follow one to %s", listen)
	}
	_, err = f.sender()
	return err
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// checkPublic refuses what a link cannot begin with.
func checkPublic(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.ContainsAny(address, " #?<>\"") {
		return errors.New("--public-url is an address such as https://desk.example, with nothing after the host and its port")
	}
	return nil
}

// maxPassword is in bytes; a file that is longer holds something else.
const maxPassword = 1024

// sender is what sends letters; nil without --smtp.
func (f mailFlags) sender() (*mail.Sender, error) {
	if f.SMTP == "" {
		return nil, nil
	}
	password := ""
	if f.PasswordFile != "" {
		text, err := os.ReadFile(f.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("--smtp-password-file %s cannot be read: %w", f.PasswordFile, plain(err))
		}
		password = strings.TrimRight(string(text), "\r\n")
		if password == "" || len(password) > maxPassword || strings.ContainsAny(password, "\r\n\x00") {
			return nil, fmt.Errorf("--smtp-password-file %s does not hold one password", f.PasswordFile)
		}
	}
	server, err := mail.ParseServer(f.SMTP, password)
	if err != nil {
		return nil, fmt.Errorf("--smtp: %w", err)
	}
	if server.Implicit && f.Secrecy == "off" {
		return nil, fmt.Errorf("--smtp-tls off contradicts smtps://, which is TLS; give smtp:// or leave --smtp-tls out")
	}
	from, err := mail.ParseFrom(f.From)
	if err != nil {
		return nil, fmt.Errorf("--mail-from: %w", err)
	}
	return mail.New(mail.Options{Server: server, From: from, Secrecy: mail.Secrecy(f.Secrecy)}), nil
}

// public is where links lead, given the address that the desk listens on.
func (f mailFlags) public(base string) string {
	if f.PublicURL != "" {
		return strings.TrimRight(f.PublicURL, "/")
	}
	return base
}

// openMail makes what sends letters.
func (h *house) openMail() (err error) {
	h.letters, err = h.Mail.sender()
	if u, bad := url.Parse(h.Mail.PublicURL); bad == nil && h.letters != nil && u.Scheme == "http" && !loopback(u.Hostname()) {
		h.log.Warn("links in letters lead to an address without TLS: whoever reads along on the way gets in", zap.String("address", h.Mail.PublicURL))
	}
	return err
}

// lookAfterMail keeps an eye on the mail server.
func (h *house) lookAfterMail(ctx context.Context) error {
	if h.letters == nil {
		<-ctx.Done()
		return nil
	}
	return h.letters.Run(ctx)
}

// mailDown says what is wrong with the mail server. It keeps nobody away: letters wait and are tried again.
func (h *house) mailDown() []gateway.Down {
	if h.letters == nil || h.letters.Fault() == "" {
		return nil
	}
	return []gateway.Down{{Part: "mail", Words: h.letters.Fault(), Harmless: true}}
}
