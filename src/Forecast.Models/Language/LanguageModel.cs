using Forecast.Core;
using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>Sees what happens inside: <c>embeddings</c> [B, T, d] and <c>after_block0</c>, <c>after_block1</c>, ... [B, T, d].</summary>
internal delegate void LanguageWatch(string name, Tensor value);

/// <summary>
/// A causal decoder with the parameter names of its published checkpoints. B sequences of T tokens, width d; what a position gives depends
/// on itself and on positions before it.
/// </summary>
internal abstract class LanguageModel : nn.Module
{
    private protected LanguageModel(string name)
        : base(name)
    {
    }

    /// <summary>d, of the embeddings that go in and of the hidden states that come out.</summary>
    public abstract int Width { get; }

    public abstract int Vocabulary { get; }

    /// <summary>Most positions that the network knows, those in the cache included.</summary>
    public abstract int LongestContext { get; }

    public abstract int Blocks { get; }

    /// <summary>Embeddings of tokens, without positions: [B, T] int64 to [B, T, d].</summary>
    public abstract Tensor Embed(Tensor tokens);

    /// <summary>Hidden states after the last norm.</summary>
    /// <param name="embeddings">[B, T, d].</param>
    /// <param name="mask">[B, S] int64 or bool, S = cached positions + T: nonzero where a position may be looked at; null = everywhere.</param>
    /// <param name="positions">[B, T] int64, for sequences that are padded on the left; null = counted from the cache on.</param>
    /// <param name="cache">Keys and values of the positions before; those of these positions are added to it. Only without gradients.</param>
    /// <param name="watch">Sees what happens inside.</param>
    /// <returns>[B, T, d].</returns>
    /// <exception cref="ForecastException">More positions than the network knows.</exception>
    public Tensor Run(Tensor embeddings, Tensor? mask = null, Tensor? positions = null, KeyValueCache? cache = null, LanguageWatch? watch = null)
    {
        var past = cache?.Length ?? 0;
        var length = past + embeddings.shape[1];
        if (length > LongestContext) throw new ForecastException("context-too-long", $"{length} positions are more than the {LongestContext} that this language model knows", "context");
        if (cache is not null && is_grad_enabled()) throw new InvalidOperationException("Cached keys and values have no gradient: run under no_grad().");
        using var scope = NewDisposeScope();
        var output = Run(embeddings, positions ?? Positions(mask, past, embeddings), AttentionMask.Make(mask, embeddings, past), cache, watch);
        cache?.Advance(embeddings.shape[1]);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>Scores of the next token: [..., d] to [..., vocabulary].</summary>
    public abstract Tensor Logits(Tensor hidden);

    /// <summary>Where positions are not given: [B or 1, T] int64.</summary>
    private protected virtual Tensor Positions(Tensor? mask, long past, Tensor embeddings) =>
        arange(past, past + embeddings.shape[1], 1, ScalarType.Int64, embeddings.device).unsqueeze(0);

    private protected abstract Tensor Run(Tensor embeddings, Tensor positions, AttentionMask mask, KeyValueCache? cache, LanguageWatch? watch);
}
