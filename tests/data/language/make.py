"""Makes the small networks and tokenisers of this folder with transformers, tokenizers and torch. Usage: make.py FOLDER"""
import json, sys, random, os
import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, MistralConfig, MistralForCausalLM, OPTConfig, OPTForCausalLM
import transformers, tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, decoders, normalizers, processors, trainers, Regex, AddedToken

out = sys.argv[1]
os.makedirs(out, exist_ok=True)


def network(name, kind, config, extra, seed):
    torch.manual_seed(seed)
    model = kind(config).eval().float()
    with torch.no_grad():
        for n, p in model.named_parameters():
            p.copy_(torch.randn_like(p) * (0.25 if p.dim() > 1 else 0.1) + (1.0 if "norm" in n and n.endswith("weight") else 0.0))
    tensors, seen = {}, set()
    for n, p in model.state_dict().items():
        if p.data_ptr() in seen and n == "lm_head.weight":
            continue
        seen.add(p.data_ptr())
        tensors[n] = p.clone().contiguous()
    ids = torch.randint(0, config.vocab_size, (2, 24))
    padded = torch.randint(0, config.vocab_size, (3, 15))
    mask = torch.ones(3, 15, dtype=torch.long)
    mask[1, 11:] = 0
    mask[2, 6:] = 0
    with torch.no_grad():
        a = model(ids, output_hidden_states=True)
        b = model(padded, attention_mask=mask, output_hidden_states=True)
    tensors.update({"golden.input.a_ids.input_ids": ids, "golden.input.b_padded.input_ids": padded, "golden.input.b_padded.attention_mask": mask,
                    "golden.output.a_ids.logits": a.logits.contiguous(), "golden.mid.a_ids.after_block0": a.hidden_states[1].contiguous(),
                    "golden.output.b_padded.logits": b.logits.contiguous()})
    save_file(tensors, f"{out}/{name}.safetensors", metadata={"format": "pt", "family": "hf", "seed": str(seed), "config": json.dumps({"_kind": extra["model_type"], "_with": f"transformers {transformers.__version__}", "llm": extra})})


def small(**more):
    return dict(vocab_size=61, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64,
                rms_norm_eps=1e-6, tie_word_embeddings=False, rope_theta=10000.0, bos_token_id=1, eos_token_id=2, pad_token_id=0, **more)


def llama(name, seed, kind=LlamaForCausalLM, conf=LlamaConfig, model_type="llama", **more):
    keys = small(**more)
    network(name, kind, conf(**keys), {**keys, "model_type": model_type}, seed)


llama("lm_qwen2", 1, Qwen2ForCausalLM, Qwen2Config, "qwen2")
llama("lm_mistral", 2, MistralForCausalLM, MistralConfig, "mistral", sliding_window=64)
llama("lm_llama_bias_wide_heads", 3, attention_bias=True, mlp_bias=True, head_dim=12)
llama("lm_llama_linear", 4, rope_scaling={"rope_type": "linear", "factor": 4.0})
keys = small(rope_scaling={"rope_type": "dynamic", "factor": 2.0}); keys["max_position_embeddings"] = 16
try:
    network("lm_llama_dynamic", LlamaForCausalLM, LlamaConfig(**keys), {**keys, "model_type": "llama"}, 5)
except Exception as e:
    print("dynamic", e)
llama("lm_llama_yarn", 6, rope_scaling={"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16})
for name, seed, more in [("lm_opt", 7, {}), ("lm_opt_projected_post_norm", 8, {"word_embed_proj_dim": 16, "do_layer_norm_before": False})]:
    keys = dict(vocab_size=61, hidden_size=32, ffn_dim=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=64, bos_token_id=2, eos_token_id=2, pad_token_id=1, **more)
    network(name, OPTForCausalLM, OPTConfig(**keys), {**keys, "model_type": "opt"}, seed)

texts = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts.json"), encoding="utf-8"))
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
made = {}


def tokenizer(name, tok, special, trainer_more=None):
    trainer = trainers.BpeTrainer(vocab_size=520, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if name.startswith("bytes") else [], show_progress=False, **(trainer_more or {}))
    tok.train_from_iterator(texts["train"] * 3, trainer)
    return tok


t = Tokenizer(models.BPE())
t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
t.decoder = decoders.ByteLevel()
t.post_processor = processors.ByteLevel(trim_offsets=False)
tokenizer("bytes", t, ["<|endoftext|>"])
made["bytes_gpt2"] = t

t = Tokenizer(models.BPE(ignore_merges=True))
t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
t.decoder = decoders.ByteLevel()
tokenizer("bytes", t, ["<|begin_of_text|>", "<|end_of_text|>"])
t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|> $B", special_tokens=[("<|begin_of_text|>", 0)])])
made["bytes_llama3"] = t

t = Tokenizer(models.BPE())
t.normalizer = normalizers.NFC()
t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3.replace("{1,3}", "")), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
t.decoder = decoders.ByteLevel()
tokenizer("bytes", t, ["<|im_start|>", "<|im_end|>"])
t.add_tokens([AddedToken("<tool>", special=False, normalized=False), AddedToken("mask", lstrip=True, rstrip=True, single_word=True, normalized=True)])
made["bytes_qwen"] = t

t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
t.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
t.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
tokenizer("pieces", t, ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)], {"limit_alphabet": 60})
t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
made["pieces_llama2"] = t

t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=False, byte_fallback=False))
t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.StripAccents()])
t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(prepend_scheme="first"), pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Punctuation()])
t.decoder = decoders.Metaspace(prepend_scheme="first")
tokenizer("pieces", t, ["<unk>", "<s>", "</s>"], {"limit_alphabet": 60})
t.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> $B", special_tokens=[("<s>", 1), ("</s>", 2)])
made["pieces_metaspace"] = t

for name, t in made.items():
    saved = json.loads(t.to_str())
    # Published files list their byte pieces in the vocabulary alone.
    saved["added_tokens"] = [a for a in saved["added_tokens"] if not a["content"].startswith("<0x")]
    json.dump(saved, open(f"{out}/tok_{name}.json", "w", encoding="utf-8"), ensure_ascii=True, indent=0)
    t = Tokenizer.from_file(f"{out}/tok_{name}.json")
    cases = []
    for text in texts["cases"]:
        with_, without = t.encode(text), t.encode(text, add_special_tokens=False)
        cases.append({"text": text, "ids": with_.ids, "plain": without.ids, "decoded": t.decode(with_.ids, skip_special_tokens=True)})
    json.dump({"with": f"tokenizers {tokenizers.__version__}", "cases": cases}, open(f"{out}/tok_{name}.cases.json", "w", encoding="utf-8"), ensure_ascii=True, indent=0)
print(os.listdir(out), torch.__version__, transformers.__version__, tokenizers.__version__)
