using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Forecast.Api.Tests.Contract;

/// <summary>
/// Makes requests of an OpenAPI document: for each operation values that its schemas describe, then broken in ways that clients
/// break them: members dropped, doubled or of another type, numbers at the ends of their range, text of any characters.
/// </summary>
internal sealed class RequestMutator(JsonNode document, int seed, params string[] further)
{
    private readonly string[] _words =
    [
        .. further,
        "", " ", "naive", "garch(1,1)", "arima(1,1,1)", "seasonal-naive", "mean{log: true}", "P1D", "B", "index", "P1M", "PT1H", "PT1S", "P9999Y", "XNYS", "TARGET", "24x7", "2024-01-01", "2024-01-31T23:00:00Z",
        "0001-01-01", "9998-12-31", "auto", "never", "always", "every:2", "rolling:50", "expanding", "log", "simple", "brent_spot", "air_passengers", "co2", "ecb_reference_rates:eur_usd", "../../etc", "a\u0000b", "é漢\U0001F600", "'; DROP TABLE jobs;--",
        "1", "-1", "%00", "{}", "null", "arima(99,9,99)(9,9,9)[999]", "garch(20,20)", "naive[0]", "((((((",
    ];

    private static readonly string[] RawValues = ["null", "true", "0", "-1", "1e308", "-1e308", "1e999", "9223372036854775808", "0.1", "\"x\"", "[]", "{}", "[[]]", "{\"a\":1}", "\"\\ud800\"", "[null]", "1.5e-320"];

    private readonly Random _random = new(seed);

    private readonly (string Path, string Method, JsonNode Operation)[] _operations =
    [
        .. document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => (p.Key, o.Key.ToUpperInvariant(), o.Value!))),
    ];

    /// <summary>The next request; long streams are left out, since they end with their job only.</summary>
    public HttpRequestMessage Next()
    {
        // Bodies are where most can be wrong: every other request has one.
        var withBody = _random.Next(2) == 0;
        var among = _operations.Where(o => o.Operation["requestBody"] is not null == withBody).ToArray();
        var (path, method, operation) = among[_random.Next(among.Length)];
        var query = new List<string>();
        var request = new HttpRequestMessage { Method = new HttpMethod(method) };
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            var (name, place) = (parameter!["name"]!.GetValue<string>(), parameter["in"]!.GetValue<string>());
            var value = _words[_random.Next(_words.Length)];
            if (place == "path") path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value.Length == 0 ? "x" : value), StringComparison.Ordinal);
            else if (_random.Next(2) == 0) continue;
            else if (place == "query") query.Add($"{name}={Uri.EscapeDataString(value)}");
            else request.Headers.TryAddWithoutValidation(name, value.All(c => c is >= ' ' and < '\u007f') ? value : "k");
        }

        request.RequestUri = new Uri(path + (query.Count > 0 ? $"?{string.Join('&', query)}" : ""), UriKind.Relative);
        if (operation["requestBody"] is { } body) request.Content = Body(body["content"]!.AsObject());
        return request;
    }

    private StringContent Body(JsonObject content)
    {
        var (type, media) = content.ElementAt(_random.Next(content.Count));
        var text = type == "application/json" ? Value(media!["schema"]!, 0) : $"date,y\n2024-01-01,{_words[_random.Next(_words.Length)]}\n2024-01-02,2\n";
        for (var cuts = _random.Next(10) == 0 ? 1 : 0; cuts > 0 && text.Length > 1; cuts--) text = text.Remove(_random.Next(text.Length), 1);
        return new StringContent(text, Encoding.UTF8, type);
    }

    private string Value(JsonNode schema, int depth)
    {
        if (_random.Next(12) == 0) return RawValues[_random.Next(RawValues.Length)];
        if (schema["$ref"] is { } reference) return Value(document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]!, depth);
        if ((schema["oneOf"] ?? schema["anyOf"])?.AsArray() is { } choices) return Value(choices[_random.Next(choices.Count)]!, depth);
        var types = schema["type"] is JsonArray several ? several.Select(t => t!.GetValue<string>()).ToArray() : [schema["type"]?.GetValue<string>() ?? "null"];
        return types[_random.Next(types.Length)] switch
        {
            "object" when schema["properties"] is { } properties => Object(schema, properties.AsObject(), depth),
            "object" => $"{{{string.Join(',', Enumerable.Range(0, _random.Next(3)).Select(i => $"\"c{i}\":{(schema["additionalProperties"] is JsonObject inner ? Value(inner, depth + 1) : "1")}"))}}}",
            "array" => $"[{string.Join(',', Enumerable.Range(0, Length(depth)).Select(_ => Value(schema["items"]!, depth + 1)))}]",
            "integer" => $"{_random.Next(-1, 30)}",
            "number" => JsonSerializer.Serialize(_random.Next(3) == 0 ? _random.NextDouble() : (_random.NextDouble() - 0.5) * 1000),
            "string" => JsonSerializer.Serialize(_words[_random.Next(_words.Length)]),
            "boolean" => "true",
            _ => "null",
        };
    }

    private string Object(JsonNode schema, JsonObject properties, int depth)
    {
        var required = schema["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToHashSet(StringComparer.Ordinal) ?? [];
        var members = properties.Where(p => _random.Next(20) > 0 && (required.Contains(p.Key) || _random.Next(3) == 0))
            .Select(p => $"{JsonSerializer.Serialize(p.Key)}:{(_random.Next(3) == 0 ? Value(p.Value!, depth + 1) : Sensible(p.Key) ?? Value(p.Value!, depth + 1))}").ToList();
        if (_random.Next(20) == 0) members.Add("\"surplus\":1");
        if (_random.Next(40) == 0 && members.Count > 0) members.Add(members[0]);
        return $"{{{string.Join(',', members)}}}";
    }

    /// <summary>Values with which a request gets past the first checks and reaches the models.</summary>
    private string? Sensible(string member) => member switch
    {
        "model" => JsonSerializer.Serialize(new[] { "naive", "seasonal-naive", "mean", "drift", "arima(1,0,0)", "garch(1,1)" }[_random.Next(6)]),
        "models" => "[\"naive\"]",
        "frequency" => JsonSerializer.Serialize(new[] { "P1D", "B", "index", "P1M" }[_random.Next(4)]),
        "data" => "\"air_passengers\"",
        "start" => "\"2024-01-01\"",
        "horizon" => $"{_random.Next(1, 5)}",
        "levels" => "[0.1,0.9]",
        "values" => $"[{string.Join(',', Enumerable.Range(0, _random.Next(1, 30)).Select(i => i % 5 == 4 ? "null" : $"{_random.Next(-9, 9)}"))}]",
        _ => null,
    };

    private int Length(int depth) => depth > 3 ? _random.Next(2) : _random.Next(4);
}
