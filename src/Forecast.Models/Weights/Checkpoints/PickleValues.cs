using System.Globalization;

namespace Forecast.Models.Weights.Checkpoints;

// What a pickle can hold here, beside null, bool, long, BigInteger, double, string and byte[]. None of it can do anything.

/// <summary>A name that the pickle refers to; one of <see cref="PickleGlobals"/>.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

internal sealed record PickleTuple(object?[] Items);

internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

internal sealed class PickleSet
{
    public List<object?> Items { get; } = [];
}

/// <summary>An instance of an inert class: its name, what it was made from, and the state it was given.</summary>
internal sealed class PickleObject(PickleGlobal type, object?[] arguments)
{
    public PickleGlobal Type => type;

    public object?[] Arguments => arguments;

    public object? State { get; set; }
}

/// <summary>A storage that a persistent id names.</summary>
internal sealed record PickleStorage(WeightStorage Storage, WeightType? Type);

/// <summary>A tensor and the class that it was rebuilt as.</summary>
internal sealed record PickleTensor(WeightTensor Tensor);

/// <summary>An ordered dictionary; keys are texts, numbers, None, or short tuples of them.</summary>
internal sealed class PickleDict
{
    private const int LongestKey = 1024;
    private const int LongestTuple = 8;
    private const int LongestTupleText = 64;
    private readonly Dictionary<object, int> _places = [];
    private readonly List<KeyValuePair<object?, object?>> _items = [];

    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items;

    /// <summary>Attributes, such as the <c>_metadata</c> of a state dict.</summary>
    public object? State { get; set; }

    public void Set(object? key, object? value, string file)
    {
        var normal = Normalised(key, file);
        if (_places.TryGetValue(normal, out var place))
        {
            _items[place] = new KeyValuePair<object?, object?>(_items[place].Key, value);
            return;
        }

        _places.Add(normal, _items.Count);
        _items.Add(new KeyValuePair<object?, object?>(key, value));
    }

    public bool TryGet(string key, out object? value)
    {
        var found = _places.TryGetValue(key, out var place);
        value = found ? _items[place].Value : null;
        return found;
    }

    /// <summary>Python's equality: True is 1 and 1.0 is 1. The limits keep hashing cheap whatever the file does.</summary>
    private static object Normalised(object? key, string file) => key switch
    {
        null => typeof(void),
        string text when text.Length <= LongestKey => text,
        bool flag => flag ? 1L : 0L,
        long number => number,
        double number when Math.Abs(number) < 1e15 && Math.Floor(number) == number => (long)number,
        double number => number,
        PickleTuple { Items.Length: <= LongestTuple } tuple => (typeof(PickleTuple), string.Join('\0', tuple.Items.Select(i => Part(i, file)))),
        string => throw WeightErrors.Refused(file, $"its pickle has a dictionary key of more than {LongestKey} characters"),
        _ => throw WeightErrors.Refused(file, $"its pickle has a dictionary key that is neither a text nor a number, but {Kind(key)}"),
    };

    private static string Part(object? item, string file) => item is PickleTuple or string { Length: > LongestTupleText }
        ? throw WeightErrors.Refused(file, "its pickle has a dictionary key of nested tuples or long texts")
        : Normalised(item, file) switch
        {
            string text => $"s{text.Length}:{text}",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            var other => other.ToString()!,
        };

    private static string Kind(object key) => key switch
    {
        PickleTuple => "a long tuple",
        PickleList => "a list",
        PickleDict => "a dictionary",
        PickleTensor => "a tensor",
        PickleGlobal global => global.ToString(),
        PickleObject made => made.Type.ToString(),
        byte[] => "bytes",
        _ => "a value of another kind",
    };
}
