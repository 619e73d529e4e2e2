/** The launcher and the frame around the chat, by the same tokens as the chat itself. */
export const style = `
:host{all:initial;color-scheme:light dark}
button{all:unset;box-sizing:border-box;position:fixed;z-index:2147483000;inset-block-end:max(1rem,env(safe-area-inset-bottom));inset-inline-end:max(1rem,env(safe-area-inset-right));display:grid;place-items:center;inline-size:3.75rem;block-size:3.75rem;border-radius:1.25rem;cursor:pointer;touch-action:manipulation;font:650 1.125rem/1 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:light-dark(#fff,#1f2827);border:1px solid light-dark(#d5dcd7,#313d3b);box-shadow:0 1px 2px rgb(22 45 40/.06),0 6px 18px light-dark(rgb(22 45 40/.12),rgb(0 0 0/.5))}
button:hover{background:light-dark(#e6ece8,#283332)}
button:focus-visible{outline:.1875rem solid light-dark(#0b57c2,#9cc7ff);outline-offset:.125rem}
button[hidden]{display:none}
svg{inline-size:2.25rem;block-size:1.5rem}
.q{fill:light-dark(#1e5a51,#32806f)}.c{fill:light-dark(#e9a94f,#e0a352)}.b{fill:light-dark(#0f3630,#0d2b26)}
i{position:absolute;inset-block-start:-.375rem;inset-inline-end:-.375rem;min-inline-size:1.375rem;block-size:1.375rem;box-sizing:border-box;padding-inline:.25rem;border-radius:99rem;display:grid;place-items:center;font:650 .8125rem/1 system-ui,sans-serif;background:light-dark(#1e5a51,#32806f);color:#fff;border:.125rem solid light-dark(#eaeeeb,#0f1514)}
i:empty{display:none}
.p{border-radius:50%;background:light-dark(#fbe6c6,#49351a);color:light-dark(#834a08,#f3c583);border:.125rem solid light-dark(#b0701c,#c68f43)}
.p svg{display:none}
iframe{position:fixed;z-index:2147483001;inset-block-end:max(1rem,env(safe-area-inset-bottom));inset-inline-end:max(1rem,env(safe-area-inset-right));inline-size:380px;block-size:min(640px,calc(100dvh - 2rem));border:0;border-radius:.875rem;background:light-dark(#f8faf8,#171e1d);box-shadow:0 2px 6px rgb(22 45 40/.08),0 18px 48px light-dark(rgb(22 45 40/.22),rgb(0 0 0/.6));animation:k .32s cubic-bezier(.2,.7,.2,1)}
iframe[hidden]{display:none}
@keyframes k{from{opacity:0;transform:translateY(.5rem)}}
@media(max-width:480px){iframe{inset:0;inline-size:100%;block-size:100dvh;border-radius:0}}
@media(prefers-reduced-motion:reduce){iframe{animation:none}}
@media print{button,iframe{display:none}}
`;
