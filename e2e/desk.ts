import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { until, within } from './until.ts';

/** The program under test; KOHTA_BINARY names another than that of this tree. */
const binary = process.env['KOHTA_BINARY'] ?? resolve(import.meta.dirname, '../bin/kohta');

export interface DeskOptions {
  /** The demo's shop, bot and agents; true unless said otherwise. */
  demo?: boolean;
  /** Further flags of `kohta serve`. */
  flags?: string[];
  /** What is to be done with the data before the first start. */
  before?: (desk: Desk) => Promise<void>;
}

/** The real program, on a free port of this machine, with a data folder of its own. Who starts one, stops it. */
export class Desk {
  #process: ChildProcess | undefined;
  #output = '';
  #port = 0;

  private constructor(
    readonly data: string,
    private readonly options: DeskOptions,
  ) {}

  /** Starts a desk with an empty data folder and returns when it can take traffic. */
  static async start(options: DeskOptions = {}): Promise<Desk> {
    if (!existsSync(binary)) throw new Error(`there is no ${binary}: run 'make build' first`);
    const desk = new Desk(await mkdtemp(join(tmpdir(), 'kohta-e2e-')), options);
    await options.before?.(desk);
    await desk.up();
    return desk;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** All that it has written so far, over all its lives. */
  get output(): string {
    return this.#output;
  }

  /** Starts the program again on the same port and data. */
  async up(): Promise<void> {
    const { demo = true, flags = [] } = this.options;
    const life = this.#output.length;
    const child = spawn(
      binary,
      ['serve', '--listen', `127.0.0.1:${this.#port}`, '--data', this.data, ...(demo ? ['--demo'] : []), ...flags],
      { env: cleanEnv(), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));

    const said = () => this.#output.slice(life);
    if (this.#port === 0) {
      const address = await until('the address', () => over(child, said) ?? /127\.0\.0\.1:(\d+)/.exec(said()));
      this.#port = Number(address[1]);
    }
    await until('/readyz', async () => over(child, said) ?? (await answers(`${this.url}/readyz`)), 15_000);
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end, and returns its exit status. */
  async terminate(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((done) => child.once('exit', done));
    child.kill(signal);
    return within(`the desk to end after ${signal}`, 35_000, gone);
  }

  /** Stops it for good and removes its data. */
  async stop(): Promise<void> {
    await this.#end('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }

  /** Runs another command of the program on this desk's data and returns what it printed; fails when the command does. */
  async command(args: string[], input = ''): Promise<string> {
    const running = promisify(execFile)(binary, args, { env: { ...cleanEnv(), KOHTA_DATA: this.data }, timeout: 30_000 });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }
}

/** Nothing of the caller's own settings may reach the desk. */
function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KOHTA_')));
}

function over(child: ChildProcess, said: () => string): undefined {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the desk ended by itself:\n${said()}`);
  return undefined;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status === 200;
  } catch {
    return false;
  }
}
