using System.Text;
using System.Text.Json;

namespace Forecast.Models.Language.Tokens;

/// <summary>Builds the steps that a <c>tokenizer.json</c> lists by type.</summary>
internal static class TokenizerSteps
{
    private const string DefaultSpace = "\u2581";

    public static Func<string, string> Normalizer(JsonElement json) => TokenizerJson.Text(json, "type") switch
    {
        "Sequence" => TextSteps.Sequence([.. json.GetProperty("normalizers").EnumerateArray().Select(Normalizer)]),
        "NFC" => TextSteps.Form(NormalizationForm.FormC),
        "NFD" => TextSteps.Form(NormalizationForm.FormD),
        "NFKC" => TextSteps.Form(NormalizationForm.FormKC),
        "NFKD" => TextSteps.Form(NormalizationForm.FormKD),
        "Prepend" => TextSteps.Prepend(json.GetProperty("prepend").GetString()!),
        "Replace" => TextSteps.Replace(Pattern(json), json.GetProperty("content").GetString()!),
        "Strip" => TextSteps.Strip(TokenizerJson.Flag(json, "strip_left", true), TokenizerJson.Flag(json, "strip_right", true)),
        "Lowercase" => TextSteps.Lowercase,
        "StripAccents" => TextSteps.StripAccents,
        var other => throw TokenizerJson.Unsupported("normalizer", other),
    };

    public static Func<TextPart, IEnumerable<TextPart>> Cut(JsonElement json) => TokenizerJson.Text(json, "type") switch
    {
        "Sequence" => Cuts.Sequence([.. json.GetProperty("pretokenizers").EnumerateArray().Select(Cut)]),
        "ByteLevel" => Cuts.Bytes(TokenizerJson.Flag(json, "add_prefix_space", true), TokenizerJson.Flag(json, "use_regex", true)),
        "Split" => Cuts.Split(Pattern(json), Behavior(json), TokenizerJson.Flag(json, "invert")),
        "Metaspace" => Cuts.Metaspace(Space(json), Prepend(json), TokenizerJson.Flag(json, "split", true)),
        "Digits" => Cuts.Split(TextPattern.Expression(TokenizerJson.Flag(json, "individual_digits") ? @"\p{N}" : @"\p{N}+"), CutBehavior.Isolated, invert: false),
        "Punctuation" => Cuts.Split(TextPattern.Expression(@"[\p{P}!-/:-@\[-`{-~]"), Behavior(json), invert: false),
        "Whitespace" => Cuts.Split(TextPattern.Expression(@"\w+|[^\w\s]+"), CutBehavior.Removed, invert: true),
        "WhitespaceSplit" => Cuts.Split(TextPattern.Expression(@"\s"), CutBehavior.Removed, invert: false),
        var other => throw TokenizerJson.Unsupported("pre_tokenizer", other),
    };

    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Join(JsonElement json) => TokenizerJson.Text(json, "type") switch
    {
        "Sequence" => Joins.Sequence([.. json.GetProperty("decoders").EnumerateArray().Select(Join)]),
        "ByteLevel" => Joins.Bytes,
        "ByteFallback" => Joins.ByteFallback,
        "Fuse" => Joins.Fuse,
        "Replace" => Joins.Replace(Pattern(json), json.GetProperty("content").GetString()!),
        "Strip" => Joins.Strip(json.GetProperty("content").GetString()![0], json.GetProperty("start").GetInt32(), json.GetProperty("stop").GetInt32()),
        "Metaspace" => Joins.Metaspace(Space(json), Prepend(json) is not "never"),
        var other => throw TokenizerJson.Unsupported("decoder", other),
    };

    private static TextPattern Pattern(JsonElement json)
    {
        var pattern = json.GetProperty("pattern");
        return pattern.TryGetProperty("String", out var literal) ? TextPattern.Literal(literal.GetString()!) : TextPattern.Expression(pattern.GetProperty("Regex").GetString()!);
    }

    private static CutBehavior Behavior(JsonElement json)
    {
        var name = TokenizerJson.Text(json, "behavior") ?? nameof(CutBehavior.Isolated);
        return Enum.TryParse<CutBehavior>(name, out var behavior) ? behavior : throw TokenizerJson.Unsupported("behavior", name);
    }

    private static string Space(JsonElement json) => TokenizerJson.Text(json, "replacement") ?? DefaultSpace;

    /// <summary>Older files say it by <c>add_prefix_space</c>.</summary>
    private static string Prepend(JsonElement json) => TokenizerJson.Text(json, "prepend_scheme") ?? (TokenizerJson.Flag(json, "add_prefix_space", true) ? "always" : "never");
}
