/** The launcher and the frame around the chat, by the same tokens as the chat itself. */
export const style = `
:host{all:initial;color-scheme:light dark}
button,p{all:unset;border-radius:1.25rem;background:light-dark(#fff,#1f2827);border:1px solid light-dark(#d5dcd7,#313d3b);font:650 1.125rem/1 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
button,p,iframe{box-sizing:border-box;box-shadow:0 6px 24px light-dark(rgb(22 45 40/.18),rgb(0 0 0/.5));position:fixed;z-index:2147483001;inset-block-end:max(1rem,env(safe-area-inset-bottom));inset-inline-end:max(1rem,env(safe-area-inset-right))}
button{display:grid;place-items:center;inline-size:3.75rem;block-size:3.75rem;cursor:pointer;touch-action:manipulation}
button:hover{background:light-dark(#e6ece8,#283332)}
button:focus-visible{outline:.1875rem solid light-dark(#0b57c2,#9cc7ff);outline-offset:.125rem}
button[aria-busy] svg{animation:k 1s infinite alternate}
p{margin-block-end:4.5rem;max-inline-size:16rem;padding:.75rem 1rem;font-size:1rem;font-weight:400;line-height:1.4;color:light-dark(#1b2523,#e8eeea)}
svg{inline-size:2.25rem;block-size:1.5rem}
.q{fill:light-dark(#1e5a51,#32806f)}.c{fill:light-dark(#e9a94f,#e0a352)}.b{fill:light-dark(#0f3630,#0d2b26)}
i{position:absolute;inset-block-start:-.375rem;inset-inline-end:-.375rem;min-inline-size:1.375rem;block-size:1.375rem;box-sizing:border-box;padding-inline:.25rem;border-radius:99rem;display:grid;place-items:center;font-size:.8125rem;background:light-dark(#1e5a51,#32806f);color:#fff;border:.125rem solid light-dark(#eaeeeb,#0f1514)}
.p{border-radius:50%;background:light-dark(#fbe6c6,#49351a);color:light-dark(#834a08,#f3c583);border:.125rem solid light-dark(#b0701c,#c68f43)}
iframe{inline-size:380px;block-size:min(640px,calc(100dvh - 2rem));border:0;border-radius:.875rem;background:light-dark(#f8faf8,#171e1d);animation:k .32s cubic-bezier(.2,.7,.2,1)}
[hidden],:empty:is(p,i),.p svg{display:none}
@keyframes k{from{opacity:0;transform:translateY(.5rem)}}
@media(max-width:480px){iframe{inset:0;inline-size:100%;block-size:100dvh;border-radius:0}}
@media(prefers-reduced-motion:reduce){*{animation:none!important}}
@media print{button,iframe,p{display:none}}
`;
