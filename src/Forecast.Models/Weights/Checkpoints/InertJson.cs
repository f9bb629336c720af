using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>
/// The values of a checkpoint beside its weights, as JSON: tuples and sets become lists, a tensor its type and shape, an inert
/// object its class with arguments and state, bytes base64, what is not finite a text.
/// </summary>
internal static class InertJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Every entry of the top dictionary that is not the state dict and not one of its tensors.</summary>
    public static IReadOnlyDictionary<string, string> Entries(PickleDict top, PickleDict state)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in top.Items)
        {
            if (ReferenceEquals(value, state) || (ReferenceEquals(top, state) && value is PickleTensor)) continue;
            entries[KeyText(key)] = Text(value);
        }

        return entries;
    }

    public static string Text(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options)) Write(json, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case BigInteger number:
                json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case PickleTensor tensor:
                Single(json, "tensor", tensor.Tensor.ToString());
                break;
            case PickleGlobal global:
                json.WriteStringValue(global.ToString());
                break;
            case PickleStorage storage:
                Single(json, "storage", storage.Storage.Name);
                break;
            case PickleTuple tuple:
                WriteList(json, tuple.Items);
                break;
            case PickleList list:
                WriteList(json, list.Items);
                break;
            case PickleSet set:
                WriteList(json, set.Items);
                break;
            case PickleDict dict:
                json.WriteStartObject();
                foreach (var (key, item) in dict.Items)
                {
                    json.WritePropertyName(KeyText(key));
                    Write(json, item);
                }

                json.WriteEndObject();
                break;
            case PickleObject made:
                json.WriteStartObject();
                json.WriteString("class", made.Type.ToString());
                json.WritePropertyName("arguments");
                WriteList(json, made.Arguments);
                json.WritePropertyName("state");
                Write(json, made.State);
                json.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"a pickle cannot hold a {value.GetType()}");
        }
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<object?> items)
    {
        json.WriteStartArray();
        foreach (var item in items) Write(json, item);
        json.WriteEndArray();
    }

    private static void Single(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static string KeyText(object? key) => key as string ?? Text(key);
}
