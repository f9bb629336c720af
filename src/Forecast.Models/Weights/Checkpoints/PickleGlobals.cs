using System.Collections.Frozen;
using System.Text;
using Forecast.Core;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>
/// The closed list of names that a checkpoint may mention, and what each makes of its arguments. A rule builds a value and does
/// nothing else: it cannot reach the system, a file, or another rule. Names that are not listed are refused when they are named,
/// before anything could be called.
/// </summary>
internal static class PickleGlobals
{
    private delegate object? Rule(PickleGlobal global, object?[] arguments, PickleBudget budget, string file);

    private static readonly FrozenDictionary<PickleGlobal, Rule?> Rules = All().ToFrozenDictionary();

    /// <exception cref="ForecastException">The name is not on the list.</exception>
    public static PickleGlobal Find(string module, string name, string file)
    {
        // Python 2's name of the module, which protocol 2 still writes.
        var global = new PickleGlobal(module == "__builtin__" ? "builtins" : module, name);
        if (Rules.ContainsKey(global)) return global;
        var hint = module == "__main__" || module.Contains(".nn.", StringComparison.Ordinal) || module.StartsWith("__torch__", StringComparison.Ordinal)
            ? ", as files of whole modules do; save the module's state_dict instead"
            : "";
        throw WeightErrors.Refused(file, $"its pickle asks for {WeightErrors.Quote($"{module}.{name}")}, which is not on the list of names that weights need{hint}", $"{module}.{name}");
    }

    /// <exception cref="ForecastException">The name stands for a value that cannot be called, or its arguments make no sense.</exception>
    public static object? Make(PickleGlobal global, object?[] arguments, PickleBudget budget, string file) =>
        Rules[global] is { } rule
            ? rule(global, arguments, budget, file)
            : throw WeightErrors.Refused(file, $"its pickle calls '{global}', which is a value", global.ToString());

    /// <exception cref="ForecastException">The target takes no state.</exception>
    public static void Build(object? target, object? state, string file)
    {
        switch (target)
        {
            case PickleDict dict when state is PickleDict:
                dict.State = state;
                break;
            case PickleObject made:
                made.State = state;
                break;
            default:
                throw WeightErrors.Refused(file, "its pickle gives a state to a value that takes none");
        }
    }

    private static Dictionary<PickleGlobal, Rule?> All()
    {
        var rules = new Dictionary<PickleGlobal, Rule?>();
        foreach (var (name, rule) in TensorRules.All) rules.Add(name, rule.Invoke);
        foreach (var name in TensorRules.Values) rules.Add(name, null);

        Add("collections", "OrderedDict", Dictionary);
        Add("collections", "Counter", Dictionary);
        Add("collections", "defaultdict", (g, a, b, f) => Dictionary(g, a is [PickleGlobal or null, .. var rest] ? rest : a, b, f));
        Add("builtins", "dict", Dictionary);
        Add("builtins", "list", (g, a, b, f) => Filled(new PickleList(), l => l.Items, g, a, b, f));
        Add("builtins", "set", (g, a, b, f) => Filled(new PickleSet(), s => s.Items, g, a, b, f));
        Add("builtins", "frozenset", (g, a, b, f) => Filled(new PickleSet(), s => s.Items, g, a, b, f));
        Add("builtins", "tuple", Tuple);
        Add("torch", "Size", Tuple);
        Add("builtins", "bytearray", (g, a, b, f) => a switch
        {
            [] => Array.Empty<byte>(),
            [byte[] bytes] => bytes,
            _ => throw Arguments(g, f),
        });
        Add("_codecs", "encode", Encode);
        foreach (var type in (string[])["int", "float", "bool", "str", "bytes"]) rules.Add(new PickleGlobal("builtins", type), null);

        Add("builtins", "complex", Inert);
        Add("builtins", "slice", Inert);
        Add("torch", "device", Inert);
        Add("argparse", "Namespace", Inert);
        foreach (var path in (string[])["Path", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath"]) Add("pathlib", path, Inert);

        // Lightning's dictionary with attributes, under the names it has had.
        foreach (var module in (string[])["lightning.fabric.utilities.data", "lightning_fabric.utilities.data", "lightning.pytorch.utilities.parsing", "pytorch_lightning.utilities.parsing"])
            Add(module, "AttributeDict", Dictionary);
        return rules;

        void Add(string module, string name, Rule rule) => rules.Add(new PickleGlobal(module, name), rule);
    }

    private static PickleObject Inert(PickleGlobal global, object?[] arguments, PickleBudget budget, string file) => new(global, arguments);

    private static PickleDict Dictionary(PickleGlobal global, object?[] arguments, PickleBudget budget, string file)
    {
        budget.Objects(PickleBudget.DictObjects);
        var made = new PickleDict();
        switch (arguments)
        {
            case []:
                break;
            case [PickleDict source]:
                budget.Objects(source.Items.Count);
                foreach (var (key, value) in source.Items) made.Set(key, value, file);
                break;
            case [PickleList source]:
                budget.Objects(source.Items.Count);
                foreach (var pair in source.Items)
                {
                    var items = pair switch { PickleTuple { Items.Length: 2 } t => t.Items, PickleList { Items.Count: 2 } l => [.. l.Items], _ => throw Arguments(global, file) };
                    made.Set(items[0], items[1], file);
                }

                break;
            default:
                throw Arguments(global, file);
        }

        return made;
    }

    private static T Filled<T>(T made, Func<T, List<object?>> list, PickleGlobal global, object?[] arguments, PickleBudget budget, string file)
    {
        list(made).AddRange(Items(global, arguments, budget, file));
        return made;
    }

    private static PickleTuple Tuple(PickleGlobal global, object?[] arguments, PickleBudget budget, string file) =>
        new([.. Items(global, arguments, budget, file)]);

    private static IEnumerable<object?> Items(PickleGlobal global, object?[] arguments, PickleBudget budget, string file)
    {
        IReadOnlyCollection<object?> items = arguments switch
        {
            [] => [],
            [PickleList list] => list.Items,
            [PickleTuple tuple] => tuple.Items,
            [PickleSet set] => set.Items,
            _ => throw Arguments(global, file),
        };
        budget.Objects(items.Count);
        return items;
    }

    /// <summary>How protocol 2 writes bytes: a text of the characters 0 to 255 and the word latin1.</summary>
    private static byte[] Encode(PickleGlobal global, object?[] arguments, PickleBudget budget, string file)
    {
        if (arguments is not [string text, "latin1" or "latin-1"] || text.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff')) throw Arguments(global, file);
        budget.Bytes(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    internal static ForecastException Arguments(PickleGlobal global, string file) =>
        WeightErrors.Refused(file, $"its pickle calls '{global}' with arguments that make no sense", global.ToString());
}
