using System.Text.Json.Nodes;

namespace Forecast.Api.Tests.Operations;

/// <summary>Reads the part of YAML that the compose file keeps to: maps and lists by indentation, lists in brackets, plain and quoted scalars.</summary>
internal static class Yaml
{
    public static JsonNode Read(string text)
    {
        var lines = text.Split('\n').Where(l => l.Trim().Length > 0 && !l.TrimStart().StartsWith('#')).ToArray();
        foreach (var line in lines) line.ShouldNotContain('\t');
        var at = 0;
        var root = Block(lines, ref at, 0);
        at.ShouldBe(lines.Length, at < lines.Length ? $"cannot read '{lines[at]}'" : "");
        return root;
    }

    private static JsonNode Block(string[] lines, ref int at, int indent) => lines[at].TrimStart().StartsWith("- ", StringComparison.Ordinal) ? List(lines, ref at, indent) : Map(lines, ref at, indent);

    private static JsonObject Map(string[] lines, ref int at, int indent)
    {
        var map = new JsonObject();
        while (at < lines.Length && Indent(lines[at]) == indent)
        {
            var line = lines[at].Trim();
            var colon = line.EndsWith(':') ? line.Length - 1 : line.IndexOf(": ", StringComparison.Ordinal);
            colon.ShouldBeGreaterThan(0, $"'{line}' has no key");
            var (key, value) = (line[..colon], line[(colon + 1)..].Trim());
            map.ContainsKey(key).ShouldBeFalse($"'{key}' stands twice");
            at++;
            map[key] = value.Length > 0 ? Scalar(value) : at < lines.Length && Indent(lines[at]) > indent ? Block(lines, ref at, Indent(lines[at])) : null;
        }

        return map;
    }

    private static JsonArray List(string[] lines, ref int at, int indent)
    {
        var list = new JsonArray();
        while (at < lines.Length && Indent(lines[at]) == indent && lines[at].TrimStart().StartsWith("- ", StringComparison.Ordinal))
        {
            var item = lines[at].Trim()[2..];
            if (item[0] is not ('"' or '[') && item.Contains(": ", StringComparison.Ordinal) && char.IsAsciiLetter(item[0]))
            {
                lines[at] = new string(' ', indent + 2) + item;  // a map whose first key stands beside the dash
                list.Add(Map(lines, ref at, indent + 2));
                continue;
            }

            list.Add(Scalar(item));
            at++;
        }

        return list;
    }

    private static JsonNode Scalar(string text) => text[0] is '[' or '"' ? JsonNode.Parse(text)! : JsonValue.Create(text)!;

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;
}
