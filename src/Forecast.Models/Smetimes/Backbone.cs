using System.Collections.Concurrent;
using System.Security.Cryptography;
using Forecast.Core;
using Forecast.Models.Language;
using Forecast.Models.Language.Tokens;
using Forecast.Models.Weights;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>A frozen language model with its tokeniser, on a device; shared by all fits of a forecaster.</summary>
internal sealed class Backbone
{
    private const int PromptBatch = 128;

    /// <summary>What embeddings and their texts may fill, about.</summary>
    private const long CacheBytes = 256L << 20;
    private const int TextBytes = 800;

    private readonly LanguageModel _network;
    private readonly ITokenizer _tokenizer;
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly Lazy<string> _hash;
    private readonly int _mostKept;
    private readonly ConcurrentDictionary<string, float[]> _embeddings = new(StringComparer.Ordinal);

    private Backbone(LanguageModel network, ITokenizer tokenizer, Device device, ScalarType type, string folder)
    {
        (_network, _tokenizer, _device, _type) = (network, tokenizer, device, type);
        _mostKept = (int)(CacheBytes / ((sizeof(float) * network.Width) + TextBytes));
        _hash = new Lazy<string>(() => HashOf(folder));
    }

    /// <summary>d.</summary>
    public int Width => _network.Width;

    /// <summary>SHA-256 over the files of weights, in the order of their names.</summary>
    public string Hash => _hash.Value;

    /// <param name="weights">A shipped name, a folder, or OWNER/NAME.</param>
    /// <param name="model">What errors call the model.</param>
    /// <param name="device">Where it is to run.</param>
    /// <param name="half">Whether its weights and products are bfloat16.</param>
    /// <exception cref="ForecastException">The folder, a file or the tokeniser is missing or damaged.</exception>
    public static Backbone Open(string weights, string model, Device device, bool half)
    {
        var folder = ModelFolder.Find(weights, model);
        var tokenizer = OpenTokenizer(folder, model);
        var type = half ? ScalarType.BFloat16 : ScalarType.Float32;
        var network = LanguageFiles.Open(folder, type, device);
        foreach (var parameter in network.parameters()) parameter.requires_grad = false;
        return new Backbone(network, tokenizer, device, type, folder);
    }

    /// <summary>Hidden states after the last norm, [B, S, d] float32 to the same; gradients flow through to what goes in.</summary>
    public Tensor Through(Tensor tokens)
    {
        if (_type == ScalarType.Float32) return _network.Run(tokens);
        using var scope = NewDisposeScope();
        return _network.Run(tokens.to(_type)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The hidden state of the last token of each text, [N, d] float32 on the device. A text is worked out once and kept by its content;
    /// of one that is longer than the context, the end is read.
    /// </summary>
    public Tensor Embed(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        var rows = Rows(texts, cancellation);
        var flat = new float[(long)rows.Length * Width];
        for (var i = 0; i < rows.Length; i++) rows[i].CopyTo(flat, (long)i * Width);
        return tensor(flat, [rows.Length, Width], device: _device);
    }

    private float[][] Rows(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var found = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            if (_embeddings.TryGetValue(text, out var known)) found[text] = known;
            else missing.Add(text);
        }

        // Texts of one length share a batch, so that none is padded and each embedding is that of the text alone.
        var encoded = missing.AsParallel().AsOrdered().WithCancellation(cancellation).Select(t => (Text: t, Tokens: Encode(t))).ToArray().GroupBy(e => e.Tokens.Length).OrderBy(g => g.Key);
        foreach (var part in encoded.SelectMany(g => g.Chunk(PromptBatch)))
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Run(part);
            for (var i = 0; i < part.Length; i++) found[part[i].Text] = rows[i];
        }

        if (_embeddings.Count + missing.Count > _mostKept) _embeddings.Clear();
        foreach (var text in missing.Take(_mostKept)) _embeddings[text] = found[text];
        return [.. texts.Select(t => found[t])];
    }

    private float[][] Run((string Text, long[] Tokens)[] part)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var length = part[0].Tokens.Length;
        var hidden = _network.Run(_network.Embed(tensor([.. part.SelectMany(p => p.Tokens)], [part.Length, length], device: _device)));
        var flat = hidden.select(1, length - 1).to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        return [.. Enumerable.Range(0, part.Length).Select(i => flat.AsSpan(i * Width, Width).ToArray())];
    }

    private long[] Encode(string text)
    {
        var tokens = _tokenizer.Encode(text);
        return tokens.Length <= _network.LongestContext ? tokens : tokens[^_network.LongestContext..];
    }

    private static ITokenizer OpenTokenizer(string folder, string model)
    {
        if (Path.Combine(folder, "tokenizer.json") is var json && File.Exists(json)) return TokenizerJson.Open(json);
        if (Directory.EnumerateFiles(folder, "tok*.bin").Order(StringComparer.Ordinal).FirstOrDefault() is { } pieces) return Llama2cTokenizer.Open(pieces);
        throw new ForecastException("tokenizer-missing", $"{model}: {folder} holds neither tokenizer.json nor a llama2.c vocabulary tok*.bin", "weights");
    }

    private static string HashOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        foreach (var path in Directory.EnumerateFiles(folder).Where(IsWeights).Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(path);
            for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsWeights(string path) => Path.GetExtension(path) is ".safetensors" or ".bin" or ".pt" or ".pth";
}
