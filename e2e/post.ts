import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A mail server on this machine that takes every letter and keeps it. Who starts one, stops it. */
export class Post {
  readonly letters: string[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Post> {
    const server = createServer();
    const post = new Post(server);
    server.on('connection', (socket) => post.#serve(socket));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return post;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy());
    let unread = '';
    let letter: string[] | null = null;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 post.test ready');
    socket.setEncoding('utf8').on('data', (text: string) => {
      unread += text;
      const lines = unread.split('\r\n');
      unread = lines.pop() ?? '';
      for (const line of lines) {
        if (letter && line === '.') {
          this.letters.push(decoded(letter.join('\r\n')));
          letter = null;
          say('250 kept');
        } else if (letter) {
          letter.push(line.replace(/^\.\./, '.'));
        } else if (/^DATA/i.test(line)) {
          letter = [];
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          socket.end('221 bye\r\n');
        } else {
          say(/^EHLO/i.test(line) ? '250 8BITMIME' : '250 well');
        }
      }
    });
  }
}

/** A letter as it is read: its quoted-printable lines put together again. */
function decoded(letter: string): string {
  const bytes = letter.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
