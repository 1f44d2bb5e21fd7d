import type { Command } from './command.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** What may follow each command line that is a beginning: '' has the first words, 'lake' the second ones, 'lake compact' its options. */
const continuations = (commands: readonly Command[]): Map<string, Map<string, string>> => {
  const found = new Map<string, Map<string, string>>()
  const add = (beginning: string, word: string, summary: string): void => {
    const words = found.get(beginning) ?? new Map<string, string>()
    found.set(beginning, words.set(word, words.has(word) ? `${word} …` : summary))
  }
  for (const { name, summary, options = {} } of commands) {
    const [first = '', second] = name.split(' ')
    add('', first, summary)
    if (second !== undefined) add(first, second, summary)
    for (const [option, { summary: what }] of Object.entries({ ...options, help: { summary: 'says what it takes' } })) {
      add(name, `--${option}`, what)
    }
  }
  return found
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const bash = (commands: readonly Command[]): string => {
  const cases = [...continuations(commands)].map(
    ([beginning, words]) => `    ${quoted(beginning)}) words=${quoted([...words.keys()].join(' '))} ;;\n`,
  )
  return `# clickwatch: source <(clickwatch completion bash)
_clickwatch() {
  local beginning='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) beginning="\${beginning:+$beginning }$word" ;; esac
  done
  case $beginning in
${cases.join('')}  esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")); fi
}
complete -o default -F _clickwatch clickwatch
`
}

const zsh = (commands: readonly Command[]): string => {
  const described = (words: Map<string, string>): string =>
    [...words].map(([word, summary]) => quoted(`${word}:${summary}`)).join(' ')
  const cases = [...continuations(commands)].map(
    ([beginning, words]) => `    ${quoted(beginning)}) words_here=(${described(words)}) ;;\n`,
  )
  return `#compdef clickwatch
# clickwatch: source <(clickwatch completion zsh)
_clickwatch() {
  local -a words_here
  local beginning="\${(j: :)\${(@)words[2,CURRENT-1]:#-*}}"
  case $beginning in
${cases.join('')}  esac
  if (( $#words_here )); then _describe clickwatch words_here; else _files; fi
}
compdef _clickwatch clickwatch
`
}

const fish = (commands: readonly Command[]): string => {
  const lines = [...continuations(commands)].flatMap(([beginning, words]) =>
    [...words].map(([word, summary]) => {
      const when = `__clickwatch_begins ${quoted(beginning)}`
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${quoted(word)}`
      return `complete -c clickwatch -n ${quoted(when)} ${what} -d ${quoted(summary)}\n`
    }),
  )
  return `# clickwatch: clickwatch completion fish > ~/.config/fish/completions/clickwatch.fish
function __clickwatch_begins
  set -l said (commandline -opc)
  set -e said[1]
  test (string join ' ' -- (string match -v -- '-*' $said)) = "$argv[1]"
end
${lines.join('')}`
}

/** A script that has a shell complete what the table of commands has. */
export const completionFor = (shell: Shell, commands: readonly Command[]): string =>
  ({ bash, zsh, fish })[shell](commands)
