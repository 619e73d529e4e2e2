export * from './frames.ts';
export { decode } from './decode.ts';
export { Client, type ClientOptions, type Hooks, type Outcome } from './client.ts';
export type { ConnectionState } from './connection.ts';
export { memoryOutbox, memoryToken } from './ports.ts';
export type { Kept, OutboxStore, Ports, Socket, SocketListener, Stop, TokenStore } from './ports.ts';
export type { Tabs, TabWord } from './tabs.ts';
export { fold, begun } from './fold.ts';
export { clean, cut, utf8Length } from './text.ts';
