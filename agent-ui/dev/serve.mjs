// npm run dev -w agent-ui: the built console before the scripted desk. Sign in as aino@demo.example, kohta-demo.
import { desk } from './desk.mjs';

const { url } = await desk({ port: Number(process.env['PORT'] ?? 5173) });
console.log(url);
