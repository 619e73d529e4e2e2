import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostPage {
  /** What the page sends as its Content-Type; with a charset unless said otherwise. */
  contentType?: string;
  /** Its own Content-Security-Policy. */
  policy?: string;
  html: string;
}

/** Somebody else's website: another origin than the desk's. */
export class Host {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Serves the pages by their paths; the html is made when the host's own address is known. */
  static async serve(pages: (url: string) => Record<string, HostPage>): Promise<Host> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const all = pages(url);
    server.on('request', (request, response) => {
      const page = all[(request.url ?? '/').replace(/[?#].*/, '')];
      if (!page) {
        // Browsers ask for an icon by themselves; that there is none is no fault.
        response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
        return;
      }
      response.writeHead(200, {
        'Content-Type': page.contentType ?? 'text/html; charset=utf-8',
        ...(page.policy ? { 'Content-Security-Policy': page.policy } : {}),
      });
      response.end(page.html);
    });
    return new Host(server, url);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
