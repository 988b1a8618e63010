import { describe, expect, test } from 'vitest';
import { TemplateError } from './error.js';
import { runTemplate } from './run.js';

const fields = new Map([
  ['who', 'lee'],
  ['loud', ''],
  ['n', '3'],
  ['u', 'é<>&"\''],
]);

describe('what templates print', () => {
  test.each([
    ['static', 'static'],
    ['{{ .who }} {{.absent}}', 'lee <no value>'],
    ['{{ range $i, $c := .word }}{{ end }}Hi {{ .who }}!', 'Hi lee!'],
    ['{{ if .loud }}LOUD{{ else }}quiet{{ end }}', 'quiet'],
    ['{{if .loud}}a{{else if .who}}b{{else}}c{{end}}', 'b'],
    ['{{ len .who }} {{ len .u }} {{ printf "%05s" .who }}', '3 7 00lee'],
    ['a  {{- " b " -}}  c', 'a b c'],
    ['a {{- /* note */ -}} b{{/* c */}}', 'ab'],
    ['{{with .who}}<{{.}}>{{else}}none{{end}}', '<lee>'],
    ['{{with .loud}}x{{else with .who}}{{.}}{{end}}', 'lee'],
    ['{{range 3}}{{.}},{{end}}', '0,1,2,'],
    ['{{range $i := 5}}{{if eq $i 1}}{{continue}}{{end}}{{if gt $i 3}}{{break}}{{end}}{{$i}}{{end}}', '023'],
    ['{{range $k, $v := .}}{{$k}}={{$v}};{{end}}', 'loud=;n=3;u=é<>&"\';who=lee;'],
    ['{{range .absent}}x{{else}}empty{{end}}', 'empty'],
    ['{{$x := "a"}}{{if true}}{{$x = "b"}}{{$y := $x}}{{$y}}{{end}}{{$x}}', 'bb'],
    ['{{define "T"}}[{{.}}]{{end}}{{template "T" .who}}{{template "T"}}', '[lee][<no value>]'],
    ['{{block "B" .who}}({{.}}{{$}}){{end}}', '(leelee)'],
    ['{{"x" | printf "%s-%s" "y"}} {{.who | len}}', 'y-x 3'],
    ['{{print 1 2 "a" 3 nil}}', '1 2a3 <nil>'],
    ['{{println "a" 1}}', 'a 1\n'],
    [
      '{{html .u}} {{js .u}} {{urlquery .u "+ "}}',
      'é&lt;&gt;&amp;&#34;&#39; é\\u003C\\u003E\\u0026\\"\\\' %C3%A9%3C%3E%26%22%27%2B+',
    ],
    ['{{and .who .loud "x"}}|{{or .loud .who}}|{{not .loud}}', '|lee|true'],
    [
      '{{eq .who "a" "lee"}} {{ne 1 2}} {{lt "a" "b"}} {{le 2 2}} {{gt 1.5 1.0}} {{ge 1 2}}',
      'true true true true true false',
    ],
    ['{{index . "who"}} {{index .who 0}} {{slice .who 1}} {{slice .who 0 2}}', 'lee 108 ee le'],
    ['{{\'a\'}} {{0x10}} {{1e3}} {{1.5}} {{-3}} {{`raw\\n`}} {{"\\u00e9\\n"}}', '97 16 1000 1.5 -3 raw\\n é\n'],
    ['{{(printf "%s" .who) | len}} {{(index . "who")}}', '3 lee'],
    ['{{ if and .who (eq .n "3") }}y{{ end }}', 'y'],
    ['{{.}}', 'map[loud: n:3 u:é<>&"\' who:lee]'],
    ['{{$.who}}{{with .who}}{{$.n}}{{end}}', 'lee3'],
    ['}} alone', '}} alone'],
  ])('%s', (source, text) => {
    expect(runTemplate(source, fields)).toBe(text);
  });
});

describe('templates that are refused', () => {
  test.each([
    '{{ .x ',
    '{{ if .x }}',
    '{{end}}',
    '{{else}}',
    '{{ foo }}',
    '{{ $x }}',
    '{{ "a }}',
    '{{ ( .x }}',
    '{{ .x ) }}',
    '{{ /* x }}',
    '{{break}}',
    '{{}}',
    '{{ .who | }}',
    '{{ .who | "x" }}',
    '{{ 1x }}',
    '{{template .who}}',
    '{{if .x}}{{define "T"}}{{end}}{{end}}',
    '{{if .x}}{{else}}{{else}}{{end}}',
    `${'{{if true}}'.repeat(600)}${'{{end}}'.repeat(600)}`,
  ])('syntax: %s', (source) => {
    expect(stageOf(source)).toBe('syntax');
  });

  test.each([
    '{{ .who.x }}',
    '{{ .absent.x }}',
    '{{ .who 1 }}',
    '{{ len 1 }}',
    '{{ len .absent }}',
    '{{ index .who 9 }}',
    '{{ slice .who 2 1 }}',
    '{{ eq .who 1 }}',
    '{{ lt true false }}',
    '{{ range .who }}{{end}}',
    '{{ template "none" }}',
    '{{ call .who }}',
    '{{ nil }}',
    '{{ not }}',
    '{{ printf 1 }}',
    '{{define "T"}}{{template "T"}}{{end}}{{template "T"}}',
    '{{range 99999999999}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{end}}',
  ])('execution: %s', (source) => {
    expect(stageOf(source)).toBe('execution');
  });
});

function stageOf(source: string): string {
  try {
    return runTemplate(source, fields);
  } catch (error) {
    if (error instanceof TemplateError) return error.stage;
    throw error;
  }
}
