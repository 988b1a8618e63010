/** The shells that completion is made for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/**
 * What a shell is told by `hlb completion SHELL`. Each script asks `hlb complete SHELL -- WORDS…` (see {@link answerText}) and leaves files
 * to the shell, which quotes them as it does everywhere. Typed words are handed on as arguments and never evaluated.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of hlb for bash. In ~/.bashrc:  source <(hlb completion bash)
_hlb() {
  local current=\${COMP_WORDS[COMP_CWORD]} line lines
  # bash makes words of their own of the = in --name=value.
  [[ $current == '=' ]] && current=
  mapfile -t lines < <("\${COMP_WORDS[0]/#\\~/$HOME}" complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  case \${lines[0]} in
    values)
      for line in "\${lines[@]:1}"; do
        line=\${line%%$'\\t'*}
        [[ $line == "$current"* ]] && COMPREPLY+=("$line")
      done ;;
    files*)
      compopt -o filenames
      local extension=\${lines[0]#files}
      while IFS= read -r line; do
        if [[ -d $line || $line == *"\${extension# }" ]]; then COMPREPLY+=("$line"); fi
      done < <(compgen -f -- "$current") ;;
    directories)
      compopt -o filenames
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current") ;;
  esac
}
complete -F _hlb hlb
`,
  zsh: `#compdef hlb
# Completion of hlb for zsh. In ~/.zshrc, after compinit:  source <(hlb completion zsh)
_hlb() {
  local -a lines values
  local line
  lines=("\${(@f)$("\${(Q)words[1]/#\\~/$HOME}" complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  compset -P '--*='
  case $lines[1] in
    values)
      for line in "\${(@)lines[2,-1]}"; do
        values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
      done
      _describe -t values hlb values ;;
    files) _files ;;
    files*) _files -g "*\${lines[1]#files }(-.)" ;;
    directories) _files -/ ;;
  esac
}
if [ "$funcstack[1]" = _hlb ]; then _hlb "$@"; else compdef _hlb hlb; fi
`,
  fish: `# Completion of hlb for fish: hlb completion fish > ~/.config/fish/completions/hlb.fish
function __hlb_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l lines ($words[1] complete fish -- $words[2..-1] "$current" 2>/dev/null)
  set -l prefix (string match -r -- '^--[^=]*=' $current)
  set -l typed (string replace -r -- '^--[^=]*=' '' $current)
  switch $lines[1]
    case values
      printf "$prefix%s\\n" $lines[2..-1]
    case files
      printf "$prefix%s\\n" (complete -C "'' $typed")
    case 'files *'
      printf "$prefix%s\\n" (__fish_complete_suffix "$typed" (string replace 'files ' '' $lines[1]))
    case directories
      printf "$prefix%s\\n" (__fish_complete_directories "$typed" '')
  end
end
complete -c hlb -f -a '(__hlb_complete)'
`,
};
