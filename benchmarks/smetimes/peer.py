"""Times transformers' Llama with the sizes of Llama 3.2 1B and random weights in bfloat16, as Geometry.cs does ours."""
import statistics
import time

import torch
from transformers import LlamaConfig, LlamaModel

REPEATS = 10
config = LlamaConfig(
    hidden_size=2048, intermediate_size=8192, num_hidden_layers=16, num_attention_heads=32, num_key_value_heads=8, head_dim=64, vocab_size=128256,
    max_position_embeddings=131072, rms_norm_eps=1e-5, rope_theta=500000.0, tie_word_embeddings=True,
    rope_scaling={"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192})
torch.manual_seed(1)
with torch.device("cuda"):
    model = LlamaModel(config).to(torch.bfloat16).eval()
for parameter in model.parameters():
    parameter.requires_grad_(False)


def measure(call):
    for _ in range(2):
        call()
    torch.cuda.synchronize()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


for batch, length in ((1, 2048), (8, 2048), (256, 7), (64, 256)):
    tokens = torch.zeros(batch, length, dtype=torch.int64, device="cuda")

    def forward():
        with torch.no_grad():
            model(input_ids=tokens, use_cache=False)

    seconds = measure(forward)
    print(f"transformers, frozen forward, batch {batch}, {length} tokens: {batch * length / seconds:.0f} tokens/s ({1e3 * seconds:.2f} ms)", flush=True)

for batch in (64, 256):
    width, segments, segment = 2048, 7, 96
    encoder, decoder, gate = torch.nn.Linear(segment, width, device="cuda"), torch.nn.Linear(width, segment, device="cuda"), torch.nn.Linear(width, 4, device="cuda")
    experts = torch.nn.ModuleList(torch.nn.Linear(width, width, bias=False, device="cuda") for _ in range(4))
    fusion = torch.nn.Parameter(torch.zeros((), device="cuda"))
    trained = [*encoder.parameters(), *decoder.parameters(), *gate.parameters(), *experts.parameters(), fusion]
    optimizer = torch.optim.AdamW(trained, 1e-3)
    window, prompts = torch.randn(batch, segments, segment, device="cuda"), torch.randn(batch, segments, width, device="cuda")

    def step():
        optimizer.zero_grad()
        share = torch.sigmoid(fusion)
        tokens = share * encoder(window) + (1 - share) * prompts
        hidden = model(inputs_embeds=tokens.to(torch.bfloat16), use_cache=False).last_hidden_state.float()
        weights = gate(hidden).softmax(-1)
        mixed = sum(weights[..., k:k + 1] * expert(hidden) for k, expert in enumerate(experts))
        loss = (decoder(mixed) - window).square().mean()
        loss.backward()
        optimizer.step()

    seconds = measure(step)
    print(f"transformers, training step, batch {batch}: {1e3 * seconds:.2f} ms ({batch / seconds:.0f} windows/s)", flush=True)
print(f"transformers, peak GPU memory: {torch.cuda.max_memory_allocated() / 2**30:.2f} GiB")
