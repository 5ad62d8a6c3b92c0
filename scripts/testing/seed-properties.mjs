import fc from 'fast-check';

// Property tests draw the same cases every time; PLUMAGE_TEST_SEED looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.PLUMAGE_TEST_SEED ?? 1) });
