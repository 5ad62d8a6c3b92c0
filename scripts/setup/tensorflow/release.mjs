import { existsSync } from 'node:fs';
import { which } from '../processes.mjs';

export const TENSORFLOW_VERSION = '2.21.0';

/** What pip is asked for, whatever Python this system has: the libraries inside do not depend on it. */
export const WHEEL_TAGS = [
  '--python-version=3.11',
  '--implementation=cp',
  '--abi=cp311',
  '--platform=manylinux_2_27_x86_64',
];

/** The wheels that carry the TensorFlow library, by what they compute on. Sizes are of the download. */
export const WHEELS = {
  cpu: {
    requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    bytes: 274e6,
    libraries: {
      'libtensorflow_cc.so.2': '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
      'libtensorflow_framework.so.2': 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
    },
    companions: [],
  },
  // Its wheel and its load without a driver were tried; computing on a card was not.
  gpu: {
    requirement: `tensorflow==${TENSORFLOW_VERSION}`,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    bytes: 572e6,
    libraries: {},
    // The and-cuda extra of that wheel: NVIDIA's libraries, looked up in ../nvidia/*/lib beside TensorFlow's.
    companions: [
      'nvidia-cublas-cu12>=12.5.3.2,<13.0',
      'nvidia-cuda-cupti-cu12>=12.5.82,<13.0',
      'nvidia-cuda-nvcc-cu12>=12.5.82,<13.0',
      'nvidia-cuda-nvrtc-cu12>=12.5.82,<13.0',
      'nvidia-cuda-runtime-cu12>=12.5.82,<13.0',
      'nvidia-cudnn-cu12>=9.3.0.75,<10.0',
      'nvidia-cufft-cu12>=11.2.3.61,<12.0',
      'nvidia-curand-cu12>=10.3.6.82,<11.0',
      'nvidia-cusolver-cu12>=11.6.3.83,<12.0',
      'nvidia-cusparse-cu12>=12.5.1.3,<13.0',
      'nvidia-nccl-cu12>=2.27.7,<3.0',
      'nvidia-nvjitlink-cu12>=12.5.82,<13.0',
    ],
  },
};

/** `gpu` where an NVIDIA driver is found; PLUMAGE_TENSORFLOW=cpu or gpu decides otherwise. */
export function chooseKind(env = process.env, hasDriver = nvidiaDriver) {
  if (env.PLUMAGE_TENSORFLOW === 'cpu' || env.PLUMAGE_TENSORFLOW === 'gpu') return env.PLUMAGE_TENSORFLOW;
  return hasDriver() ? 'gpu' : 'cpu';
}

const nvidiaDriver = () => existsSync('/proc/driver/nvidia/version') || which('nvidia-smi') !== undefined;

/** Where a file of the wheel goes in the provisioned folder; undefined for everything that is not needed. */
export function placeOfWheelFile(name) {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/^libtensorflow_(cc|framework)\.so\.2$/.test(base)) return `deps/lib/${base}`;
  if (base === 'LICENSE' && name.includes('.dist-info/')) return 'LICENSE.tensorflow';
  const header = name.split('/include/')[1];
  if (!header?.endsWith('.h')) return undefined;
  const wanted = [
    'tensorflow/c/',
    'tensorflow/core/platform/ctstring',
    'tsl/platform/ctstring',
    'xla/tsl/c/tsl_status.h',
  ];
  return wanted.some((start) => header.startsWith(start)) ? `deps/include/${header}` : undefined;
}
