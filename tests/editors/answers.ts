// What the models answer in the pictures of the README.

export const FIRST = `Three parts, each with one duty:

1. **An idempotency key** for each checkout, made when the cart is frozen and sent with *every* attempt.
2. **A ledger row** for each attempt, written before the provider is called.
3. **A sweeper** that settles attempts without an answer after \`30\` seconds.

\`\`\`python
def charge(checkout: Checkout) -> Receipt:
    attempt = ledger.begin(checkout.key)
    return provider.charge(attempt, key=checkout.key)
\`\`\``;

export const SECOND = "The ledger's **unique key** lets one of them begin. The other waits, reads the first one's receipt and returns it.";

export const LONG = [
  'Ship the ledger without readers, and let it fill beside the old path.',
  'Compare both for a week; the nightly report lists every difference.',
  'Send the idempotency key to the provider, still ignoring its verdict.',
  'Turn the verdict on for one percent of the checkouts, by region.',
  'Watch the rate of refused duplicates: it should fall, and never rise.',
  'Raise the share to ten percent, then to half, a day at each step.',
  'Write down what was learned, with the figures, beside the template.',
]
  .map((text, i) => `**Step ${i + 1}.** ${text}`)
  .join('\n\n');
