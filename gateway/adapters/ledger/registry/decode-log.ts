import { AbiCoder, type EventFragment, type Interface, ParamType, type Result } from 'ethers';
import type { Hex } from '../../../domain/ids.ts';
import type { EventArguments, EventValue } from './entity.ts';

type JsonParam = { readonly name?: string; readonly type: string; readonly components?: readonly JsonParam[] };
type Decoder = { readonly event: EventFragment; readonly data: readonly ParamType[] };

const coder = AbiCoder.defaultAbiCoder();
const utf8 = new TextDecoder('utf-8', { fatal: false });

/**
 * Decodes the events of one contract. Strings are read as bytes and then as UTF-8 with replacement characters: ethers throws at bytes that are not UTF-8,
 * and a member may write any bytes into a title. undefined for a topic that the ABI does not know.
 */
export const eventDecoder = (
  abi: Interface,
): ((topics: readonly Hex[], data: Hex) => { name: string; args: EventArguments } | undefined) => {
  const decoders = new Map<string, Decoder>();
  abi.forEachEvent((event) => {
    const data = event.inputs.filter((input) => input.indexed !== true).map(asBytes);
    decoders.set(event.topicHash, { event, data });
  });
  return (topics, data) => {
    const decoder = decoders.get(topics[0] ?? '');
    return decoder === undefined ? undefined : { name: decoder.event.name, args: decode(decoder, topics, data) };
  };
};

/** Decodes what a function returned, by name where an output has one, as events are decoded. */
export const decodeOutputs = (outputs: readonly ParamType[], data: Hex): readonly EventValue[] => {
  const values = coder.decode(outputs.map(asBytes), data);
  return outputs.map((output, at) => toValue(output, values[at]));
};

const decode = ({ event, data: types }: Decoder, topics: readonly Hex[], data: Hex): EventArguments => {
  const plain = coder.decode(types, data);
  const args: Record<string, EventValue> = {};
  let topic = 1;
  let position = 0;
  for (const input of event.inputs) {
    if (input.indexed === true) {
      args[input.name] = toValue(input, coder.decode([input], topics[topic++] ?? '0x')[0]);
    } else {
      args[input.name] = toValue(input, plain[position++]);
    }
  }
  return args;
};

const toValue = (type: ParamType, value: unknown): EventValue => {
  if (type.baseType === 'array') return [...(value as Result)].map((item) => toValue(type.arrayChildren as ParamType, item));
  if (type.baseType === 'tuple') {
    const fields = (type.components ?? []).map((field, index) => [field.name, toValue(field, (value as Result)[index])] as const);
    return Object.fromEntries(fields);
  }
  if (type.baseType === 'string') return utf8.decode(Buffer.from((value as string).slice(2), 'hex'));
  return value as string | bigint | boolean;
};

const asBytes = (type: ParamType): ParamType => ParamType.from(withoutStrings(JSON.parse(type.format('json')) as JsonParam));
const withoutStrings = ({ name, type, components }: JsonParam): JsonParam => ({
  name: name ?? '',
  type: type.replace(/^string/, 'bytes'),
  ...(components === undefined ? {} : { components: components.map(withoutStrings) }),
});
