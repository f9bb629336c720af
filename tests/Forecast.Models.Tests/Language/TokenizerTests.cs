using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Language.Tokens;

namespace Forecast.Models.Tests.Language;

/// <summary>Tokenisers against the reference library's numbers, and round trips.</summary>
public sealed class TokenizerTests
{
    private static readonly string Folder = Repository.At("tests", "data", "language");

    public static TheoryData<string> Kinds => ["bytes_gpt2", "bytes_llama3", "bytes_qwen", "pieces_llama2", "pieces_metaspace"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_and_texts_equal_the_reference_librarys(string kind)
    {
        var tokenizer = TokenizerJson.Open(Path.Combine(Folder, $"tok_{kind}.json"));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"tok_{kind}.cases.json")));
        var wrong = new List<string>();
        var count = 0;
        foreach (var item in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var text = item.GetProperty("text").GetString()!;
            long[] Numbers(string name) => [.. item.GetProperty(name).EnumerateArray().Select(i => i.GetInt64())];
            var (ids, plain, back) = (tokenizer.Encode(text), tokenizer.Encode(text, special: false), tokenizer.Decode(Numbers("ids")));
            if (!ids.SequenceEqual(Numbers("ids"))) wrong.Add($"'{text}': {string.Join(' ', ids)} where {string.Join(' ', Numbers("ids"))} is wanted");
            if (!plain.SequenceEqual(Numbers("plain"))) wrong.Add($"'{text}' without special pieces: {string.Join(' ', plain)} where {string.Join(' ', Numbers("plain"))} is wanted");
            if (!string.Equals(back, item.GetProperty("decoded").GetString(), StringComparison.Ordinal)) wrong.Add($"'{text}' comes back as '{back}' where '{item.GetProperty("decoded").GetString()}' is wanted");
            count++;
        }

        wrong.ShouldBeEmpty();
        count.ShouldBeGreaterThan(50);
    }

    [Theory]
    [InlineData("bytes_gpt2")]
    [InlineData("bytes_llama3")]
    [InlineData("pieces_llama2")]
    public void Any_text_comes_back(string kind) => ComesBack(TokenizerJson.Open(Path.Combine(Folder, $"tok_{kind}.json")));

    [Fact]
    public void Any_text_comes_back_from_a_llama2c_vocabulary() => ComesBack(Llama2cTokenizer.Open(Repository.At("models", "stories260K", "tok512.bin")));

    [Theory]
    [InlineData("""{"model":{"type":"Unigram","vocab":[]}}""", "Unigram")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"normalizer":{"type":"Precompiled"}}""", "Precompiled")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}""", "'b'")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0}}}""", "no tokeniser")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"Split","pattern":{"Regex":"a++"},"behavior":"Isolated"}}""", "a++")]
    public void What_is_not_built_is_named(string json, string word) =>
        Should.Throw<ForecastException>(() => TokenizerJson.Read(System.Text.Encoding.UTF8.GetBytes(json), "test")).Message.ShouldContain(word);

    [Fact]
    public void A_damaged_llama2c_vocabulary_is_refused()
    {
        var bytes = File.ReadAllBytes(Repository.At("models", "stories260K", "tok512.bin"));
        foreach (var cut in new[] { 0, 4, 11, 13, bytes.Length - 1 })
            Should.Throw<ForecastException>(() => Llama2cTokenizer.Read(bytes.AsSpan(0, cut), "test")).Code.ShouldBe("tokenizer-damaged");
    }

    [Fact]
    public void An_unknown_number_is_refused()
    {
        var tokenizer = Llama2cTokenizer.Open(Repository.At("models", "stories260K", "tok512.bin"));
        Should.Throw<ForecastException>(() => tokenizer.Decode([512])).Code.ShouldBe("token-unknown");
        Should.Throw<ForecastException>(() => tokenizer.Decode([-1])).Code.ShouldBe("token-unknown");
    }

    /// <summary>Seeded strings of code points from all planes, without those that a tokeniser strips or names by itself.</summary>
    private static void ComesBack(ITokenizer tokenizer)
    {
        var random = new Random(5);
        for (var n = 0; n < 500; n++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Character(random)));
            tokenizer.Decode(tokenizer.Encode(text)).ShouldBe(text);
        }
    }

    private static string Character(Random random)
    {
        while (true)
        {
            var value = random.Next(4) switch { 0 => random.Next(0x20, 0x7F), 1 => random.Next(0x800), 2 => random.Next(0x10000), _ => random.Next(0x110000) };

            // A literal underscore piece reads as a space in SentencePiece-style vocabularies.
            if (System.Text.Rune.IsValid(value) && value != 0x2581) return new System.Text.Rune(value).ToString();
        }
    }
}
