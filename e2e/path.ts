import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A stretch of network between browser and desk that can fail: a plain TCP relay on a port of its own. Browsers' own
 * offline switches leave open sockets alone; this one does not.
 */
export class Path {
  readonly #sockets = new Set<Socket>();
  #broken = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(port: number): Promise<Path> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const path = new Path(server, (server.address() as AddressInfo).port);
    server.on('connection', (near) => path.#relay(near, port));
    return path;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  #relay(near: Socket, port: number): void {
    if (this.#broken) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }

  /** Cuts every connection, and refuses new ones. */
  cut(): void {
    this.#broken = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** New connections pass again. */
  mend(): void {
    this.#broken = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }
}
