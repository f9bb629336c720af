using System.Text;
using Forecast.Core;

namespace Forecast.Models.Catalogue;

/// <summary>
/// A model as people write it: <c>name(arguments)(arguments)[period]-suffix{option: value, ...}</c>, for example
/// <c>arima(0,1,1)(0,1,1)[12]</c>, <c>garch(1,1)-t</c>, <c>garch(1,1){dist: ged, mean: zero}</c>.
/// </summary>
public sealed record ModelSpec
{
    private ModelSpec(string text) => Text = text;

    /// <summary>What was written.</summary>
    public string Text { get; }

    /// <summary>Lower-case name.</summary>
    public required string Name { get; init; }

    /// <summary>One list for each pair of round brackets.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>What stands in square brackets after the arguments, or null.</summary>
    public string? Period { get; init; }

    /// <summary>What follows a hyphen after the brackets, or null.</summary>
    public string? Suffix { get; init; }

    /// <summary>Options by lower-case name, in the order written.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <exception cref="ForecastException">The text is no model string; the message shows where.</exception>
    public static ModelSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new Reader(text);
        var name = reader.Name();
        var arguments = new List<IReadOnlyList<string>>();
        while (reader.Next('(')) arguments.Add(reader.List('(', ')'));
        var period = reader.Next('[') ? reader.Bracket('[', ']').Trim() : null;
        var suffix = reader.Next('-') ? reader.Suffix() : null;
        var options = reader.Next('{') ? reader.Options() : new Dictionary<string, string>(StringComparer.Ordinal);
        reader.End();
        return new ModelSpec(text.Trim()) { Name = name, Arguments = arguments, Period = period, Suffix = suffix, Options = options };
    }

    /// <summary>Splits a list of models at the commas outside brackets.</summary>
    /// <exception cref="ForecastException">A bracket is not closed, or a place in the list is empty.</exception>
    public static IReadOnlyList<string> SplitList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = SplitOutsideBrackets(text, ',');
        if (parts.Any(string.IsNullOrWhiteSpace))
            throw new ForecastException("models-empty", $"the list of models '{text}' has an empty place", "models");
        return [.. parts.Select(p => p.Trim())];
    }

    /// <summary>The same model with one more option (replacing one of that name).</summary>
    public static string WithOption(string model, string name, string value)
    {
        var spec = Parse(model);
        var head = model.Trim();
        if (OptionsStart(head) is { } brace) head = head[..brace].TrimEnd();
        var options = new List<string>(spec.Options.Where(o => !string.Equals(o.Key, name, StringComparison.Ordinal)).Select(o => $"{o.Key}: {o.Value}")) { $"{name}: {value}" };
        return $"{head}{{{string.Join(", ", options)}}}";
    }

    /// <summary>Where the model's own options begin: a model in its brackets may have options, too.</summary>
    private static int? OptionsStart(string model)
    {
        var depth = 0;
        for (var i = 0; i < model.Length; i++)
        {
            if (model[i] == '{' && depth == 0) return i;
            if (model[i] is '(' or '[' or '{') depth++;
            else if (model[i] is ')' or ']' or '}') depth--;
        }

        return null;
    }

    internal static IReadOnlyList<string> SplitOutsideBrackets(string text, char separator)
    {
        var parts = new List<string>();
        var open = new Stack<char>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '(' or '[' or '{')
            {
                open.Push(c);
            }
            else if (c is ')' or ']' or '}')
            {
                if (open.Count == 0 || Partner(open.Pop()) != c) throw Malformed(text, i, $"'{c}' closes nothing");
            }
            else if (c == separator && open.Count == 0)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        if (open.Count > 0) throw Malformed(text, text.Length, $"'{open.Peek()}' is not closed");
        parts.Add(text[start..]);
        return parts;
    }

    private static char Partner(char open) => open switch { '(' => ')', '[' => ']', _ => '}' };

    private static ForecastException Malformed(string text, int at, string what) =>
        new("model-malformed", $"model '{text}': {what} at position {at + 1}; write name(arguments)[period]{{option: value}}", "model", index: at);

    private sealed class Reader(string text)
    {
        private int _at;

        public string Name()
        {
            SkipSpace();
            var start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '-' or '_' or '.')) _at++;
            if (_at == start || !char.IsAsciiLetter(text[start])) throw Malformed(text, _at, "a model name is missing");
            return text[start.._at].ToLowerInvariant();
        }

        public bool Next(char c)
        {
            SkipSpace();
            return _at < text.Length && text[_at] == c;
        }

        public IReadOnlyList<string> List(char open, char close)
        {
            var inside = Bracket(open, close);
            return string.IsNullOrWhiteSpace(inside) ? [] : [.. SplitOutsideBrackets(inside, ',').Select(a => a.Trim())];
        }

        public string Bracket(char open, char close)
        {
            var start = ++_at;
            var depth = 1;
            for (; _at < text.Length; _at++)
            {
                if (text[_at] == open) depth++;
                else if (text[_at] == close && --depth == 0) return text[start.._at++];
            }

            throw Malformed(text, start - 1, $"'{open}' is not closed");
        }

        public string Suffix()
        {
            var start = ++_at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '-' or '_')) _at++;
            return _at > start ? text[start.._at].ToLowerInvariant() : throw Malformed(text, _at, "nothing follows the hyphen");
        }

        public Dictionary<string, string> Options()
        {
            var at = _at;
            var options = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in List('{', '}'))
            {
                var colon = pair.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0 || colon == pair.Length - 1) throw Malformed(text, at, $"option '{pair}' is not of the form name: value");
                var name = new StringBuilder(pair[..colon].Trim().ToLowerInvariant()).Replace('-', '_').ToString();
                if (!options.TryAdd(name, pair[(colon + 1)..].Trim())) throw Malformed(text, at, $"option '{name}' stands twice");
            }

            return options;
        }

        public void End()
        {
            SkipSpace();
            if (_at < text.Length) throw Malformed(text, _at, $"'{text[_at..]}' is not understood");
        }

        private void SkipSpace()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        }
    }
}
