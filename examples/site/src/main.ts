import { contrast, parseColor, verdict } from './contrast.js';

const text = element<HTMLInputElement>('text');
const background = element<HTMLInputElement>('background');

function show(): void {
  const ratio = contrast(parseColor(text.value), parseColor(background.value));
  const sample = element('sample');
  sample.style.color = text.value;
  sample.style.backgroundColor = background.value;
  element('ratio').textContent = `${ratio.toFixed(2)} : 1`;
  element('verdict').textContent = verdict(ratio);
}

function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as T;
}

text.addEventListener('input', show);
background.addEventListener('input', show);
show();
