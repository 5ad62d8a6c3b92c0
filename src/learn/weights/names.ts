/** Keras's fields under torch's names: with layers of one name, arrays of both frameworks are called alike. */
const FIELDS: readonly (readonly [keras: RegExp, torch: string])[] = [
  [/\/(depthwise_)?kernel$/, '.weight'],
  [/\/gamma$/, '.weight'],
  [/\/(beta|bias)$/, '.bias'],
  [/\/moving_mean$/, '.running_mean'],
  [/\/moving_variance$/, '.running_var'],
];

/** One spelling for the array of a layer, whatever framework saved it. */
export function canonicalName(name: string): string {
  const bare = name.replace(/:0$/, '');
  for (const [keras, torch] of FIELDS) if (keras.test(bare)) return bare.replace(keras, torch);
  return bare;
}

/** Ways in which other programs spell a network's arrays: from our canonical names to theirs. */
export interface Dialect {
  readonly id: string;
  /** null where the network is none that this dialect knows. */
  readonly translate: (names: readonly string[]) => ReadonlyMap<string, string> | null;
}

/** Names as they are, with and without the container that torchvision calls `features`. */
const plain: Dialect = { id: 'plain', translate: (names) => new Map(names.map((name) => [name, name])) };

const withoutFeatures: Dialect = {
  id: 'without features',
  translate: (names) =>
    names.every((name) => name.startsWith('features.'))
      ? new Map(names.map((name) => [name, name.slice('features.'.length)]))
      : null,
};

/** DenseNet files of torchvision before 0.2: `norm.1` where it is `norm1` now. */
const oldDenseNet: Dialect = {
  id: 'old DenseNet',
  translate: (names) =>
    names.some((name) => name.includes('.denselayer'))
      ? new Map(names.map((name) => [name, name.replace(/(denselayer\d+\.(?:norm|conv))([12]\.)/, '$1.$2')]))
      : null,
};

/** Parts of a block of inverted residuals in timm's names: those that widen the channels first, and those that do not. */
const WIDENED = { conv_pw: 0, bn1: 1, conv_dw: 2, bn2: 3, conv_pwl: 4, bn3: 5 } as const;
const NARROW = { conv_dw: 2, bn1: 3, conv_pw: 4, bn2: 5 } as const;

/** What other programs call: widening, its norm, depthwise, its norm, narrowing, its norm; stem and head with norms. */
interface BlockNames {
  readonly block: (
    index: number,
    widened: boolean,
  ) => readonly [string, string, string, string, string, string];
  readonly outside: (blocks: number) => Readonly<Record<string, string>>;
}

function invertedResiduals(id: string, { block, outside }: BlockNames): Dialect {
  return {
    id,
    translate: (names) => {
      const blocks = [...new Set(names.map((name) => /^blocks\.\d+\.\d+/.exec(name)?.[0] ?? ''))].filter(
        Boolean,
      );
      if (blocks.length === 0) return null;
      const around = outside(blocks.length);
      const has = new Set(names);
      const translated = new Map<string, string>();
      for (const name of names) {
        const own = blocks.find((prefix) => name.startsWith(`${prefix}.`));
        const [part = '', field = ''] = (own ? name.slice(own.length + 1) : name).split('.');
        if (own === undefined) {
          const other = around[part];
          if (other !== undefined) translated.set(name, `${other}.${field}`);
          continue;
        }
        const widened = has.has(`${own}.conv_pwl.weight`);
        const parts: Readonly<Record<string, number>> = widened ? WIDENED : NARROW;
        const place = parts[part];
        if (place === undefined) return null;
        translated.set(name, `${block(blocks.indexOf(own), widened)[place]!}.${field}`);
      }
      return translated;
    },
  };
}

/** EfficientNet as the package `efficientnet_pytorch` and its lite variant name it; converted from TensorFlow. */
export const EFFICIENTNET_PYTORCH = invertedResiduals('efficientnet_pytorch', {
  block: (index) => {
    const name = `_blocks.${String(index)}.`;
    return ['_expand_conv', '_bn0', '_depthwise_conv', '_bn1', '_project_conv', '_bn2'].map(
      (part) => name + part,
    ) as unknown as readonly [string, string, string, string, string, string];
  },
  outside: () => ({ conv_stem: '_conv_stem', bn1: '_bn0', conv_head: '_conv_head', bn2: '_bn1' }),
});

/** MobileNetV2 as torchvision names it. */
const torchvisionMobileNet = invertedResiduals('torchvision MobileNetV2', {
  block: (index, widened) => {
    const name = `features.${String(index + 1)}.conv.`;
    const parts = widened ? ['0.0', '0.1', '1.0', '1.1', '2', '3'] : ['', '', '0.0', '0.1', '1', '2'];
    return parts.map((part) => name + part) as unknown as readonly [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
  },
  outside: (blocks) => ({
    conv_stem: 'features.0.0',
    bn1: 'features.0.1',
    conv_head: `features.${String(blocks + 1)}.0`,
    bn2: `features.${String(blocks + 1)}.1`,
  }),
});

export const DIALECTS: readonly Dialect[] = [
  plain,
  withoutFeatures,
  oldDenseNet,
  EFFICIENTNET_PYTORCH,
  torchvisionMobileNet,
];
