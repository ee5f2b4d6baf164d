type TomlValue = string | number | boolean | readonly string[];

/** Keys and values, one a line, as Besu's files have them: no tables. A JSON string is a TOML basic string as long as it holds no DEL and no lone surrogate (TOML 1.0, String). */
export function tomlText(values: Readonly<Record<string, TomlValue>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${tomlValue(value)}\n`)
    .join('');
}

function tomlValue(value: TomlValue): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if (value.length === 0) return '[]';
  return `[\n${value.map((item) => `  ${JSON.stringify(item)},\n`).join('')}]`;
}
