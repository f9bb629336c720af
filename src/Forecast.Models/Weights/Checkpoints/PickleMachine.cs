using Forecast.Core;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>
/// Python's pickle instructions, protocols 2 to 5, as a machine that can only make data. Where Python's would import a name and call
/// it, this one looks the name up in the closed list of <see cref="PickleGlobals"/>, whose rules build values of
/// <c>PickleValues.cs</c>; any other name ends the reading with an error that states it.
/// </summary>
/// <remarks>Instructions: CPython's <c>Lib/pickletools.py</c> is their specification.</remarks>
internal sealed class PickleMachine(string file, Func<object?, PickleStorage> persistent)
{
    private const int MostMarks = 10_000;
    private readonly PickleBudget _budget = new(file);
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>What the pickle describes.</summary>
    /// <exception cref="ForecastException">It is damaged, or asks for anything but data.</exception>
    public object? Run(ReadOnlySpan<byte> pickle)
    {
        if (pickle.Length > PickleBudget.LongestPickle) throw WeightErrors.Refused(file, $"its pickle has {pickle.Length} bytes; {PickleBudget.LongestPickle} are allowed");
        var input = new PickleInput(pickle, file);
        while (true)
        {
            if (input.Left == 0) throw Damaged("ends before its last instruction");
            var op = (PickleOp)input.U8();
            if (op == PickleOp.Stop) break;
            _budget.Objects(1);
            if (!Literal(op, ref input) && !Container(op) && !Memo(op, ref input) && !Global(op, ref input)) throw Unknown(op);
        }

        if (input.Left != 0) throw Damaged($"is followed by {input.Left} bytes");
        if (_stack.Count != 1 || _marks.Count != 0) throw Damaged($"leaves {_stack.Count} values instead of one");
        PickleGraph.Check(_stack[0], file);
        return _stack[0];
    }

    private bool Literal(PickleOp op, ref PickleInput input)
    {
        switch (op)
        {
            case PickleOp.Proto:
                var protocol = input.U8();
                if (protocol is < 2 or > 5) throw WeightErrors.Unsupported(file, $"its pickle is of protocol {protocol}; 2 to 5 are read");
                return true;
            case PickleOp.Frame:
                var frame = input.U64();
                if (frame > (ulong)input.Left) throw Damaged($"has a frame of {frame} bytes where {input.Left} are left");
                return true;
            case PickleOp.None: return Push(null);
            case PickleOp.NewTrue: return Push(true);
            case PickleOp.NewFalse: return Push(false);
            case PickleOp.BinInt: return Push((long)input.I32());
            case PickleOp.BinInt1: return Push((long)input.U8());
            case PickleOp.BinInt2: return Push((long)input.U16());
            case PickleOp.Long1: return Push(input.Number(input.U8()));
            case PickleOp.Long4: return Push(input.Number(input.U32()));
            case PickleOp.BinFloat: return Push(input.F64());
            case PickleOp.ShortBinUnicode: return Push(input.Text(input.U8(), _budget));
            case PickleOp.BinUnicode: return Push(input.Text(input.U32(), _budget));
            case PickleOp.BinUnicode8: return Push(input.Text(input.U64(), _budget));
            case PickleOp.ShortBinString: return Push(input.Latin(input.U8(), _budget));
            case PickleOp.BinString: return Push(input.Latin(input.U32(), _budget));
            case PickleOp.ShortBinBytes: return Push(input.Bytes(input.U8(), _budget));
            case PickleOp.BinBytes: return Push(input.Bytes(input.U32(), _budget));
            case PickleOp.BinBytes8 or PickleOp.ByteArray8: return Push(input.Bytes(input.U64(), _budget));
            default: return false;
        }
    }

    private bool Container(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.Mark:
                if (_marks.Count == MostMarks) throw WeightErrors.Refused(file, $"its pickle opens more than {MostMarks} groups at once");
                _marks.Add(_stack.Count);
                return true;
            case PickleOp.Pop:
                if (_marks.Count > 0 && _marks[^1] == _stack.Count) _marks.RemoveAt(_marks.Count - 1);
                else Pop();
                return true;
            case PickleOp.PopMark:
                PopToMark();
                return true;
            case PickleOp.Dup: return Push(Peek());
            case PickleOp.EmptyTuple: return Push(new PickleTuple([]));
            case PickleOp.EmptyList: return Push(new PickleList());
            case PickleOp.EmptyDict:
                _budget.Objects(PickleBudget.DictObjects);
                return Push(new PickleDict());
            case PickleOp.EmptySet: return Push(new PickleSet());
            case PickleOp.Tuple: return Push(new PickleTuple(PopToMark()));
            case PickleOp.Tuple1 or PickleOp.Tuple2 or PickleOp.Tuple3: return Push(new PickleTuple(PopMany(op - PickleOp.Tuple1 + 1)));
            case PickleOp.FrozenSet:
                var frozen = new PickleSet();
                frozen.Items.AddRange(PopToMark());
                return Push(frozen);
            case PickleOp.Append:
                var item = Pop();
                Target<PickleList>("a list").Items.Add(item);
                return true;
            case PickleOp.Appends:
                var items = PopToMark();
                Target<PickleList>("a list").Items.AddRange(items);
                return true;
            case PickleOp.AddItems:
                var members = PopToMark();
                Target<PickleSet>("a set").Items.AddRange(members);
                return true;
            case PickleOp.SetItem:
                SetItems(PopMany(2));
                return true;
            case PickleOp.SetItems:
                SetItems(PopToMark());
                return true;
            default: return false;
        }
    }

    private bool Memo(PickleOp op, ref PickleInput input)
    {
        switch (op)
        {
            case PickleOp.BinPut:
                _memo[input.U8()] = Peek();
                return true;
            case PickleOp.LongBinPut:
                _memo[input.U32()] = Peek();
                return true;
            case PickleOp.Memoize:
                _memo[(uint)_memo.Count] = Peek();
                return true;
            case PickleOp.BinGet: return Push(Remembered(input.U8()));
            case PickleOp.LongBinGet: return Push(Remembered(input.U32()));
            default: return false;
        }
    }

    private bool Global(PickleOp op, ref PickleInput input)
    {
        switch (op)
        {
            case PickleOp.Global or PickleOp.Inst:
                var module = input.Line();
                var global = PickleGlobals.Find(module, input.Line(), file);
                return op == PickleOp.Global ? Push(global) : throw Damaged($"makes {global} by an instruction of protocol 0");
            case PickleOp.StackGlobal:
                var parts = PopMany(2);
                return parts is [string from, string name]
                    ? Push(PickleGlobals.Find(from, name, file))
                    : throw WeightErrors.Refused(file, "its pickle asks for a global whose name is no text");
            case PickleOp.Reduce or PickleOp.NewObject:
                var arguments = Arguments(Pop());
                return Push(PickleGlobals.Make(Callee(), arguments, _budget, file));
            case PickleOp.NewObjectEx:
                var named = Pop();
                if (named is not PickleDict { Items.Count: 0 }) throw WeightErrors.Refused(file, "its pickle makes an object with named arguments");
                var unnamed = Arguments(Pop());
                return Push(PickleGlobals.Make(Callee(), unnamed, _budget, file));
            case PickleOp.Build:
                var state = Pop();
                PickleGlobals.Build(Peek(), state, file);
                return true;
            case PickleOp.BinPersId: return Push(persistent(Pop()));
            default: return false;
        }
    }

    private PickleGlobal Callee() => Pop() as PickleGlobal
        ?? throw WeightErrors.Refused(file, "its pickle calls something that is no global, such as the result of another call");

    private object?[] Arguments(object? value) => value is PickleTuple tuple
        ? tuple.Items
        : throw WeightErrors.Refused(file, "its pickle makes a call whose arguments are no tuple");

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0) throw Damaged("has a key without a value");
        var dict = Target<PickleDict>("a dictionary");
        for (var i = 0; i < pairs.Length; i += 2) dict.Set(pairs[i], pairs[i + 1], file);
    }

    private T Target<T>(string what)
        where T : class => Peek() as T ?? throw Damaged($"adds to something that is not {what}");

    private object? Remembered(uint index) => _memo.TryGetValue(index, out var value) ? value : throw Damaged($"recalls number {index}, which it never stored");

    private bool Push(object? value)
    {
        _stack.Add(value);
        return true;
    }

    private object? Peek() => _stack.Count > Floor() ? _stack[^1] : throw Damaged("takes a value where there is none");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        if (_stack.Count - count < Floor()) throw Damaged("takes a value where there is none");
        return Cut(_stack.Count - count);
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0) throw Damaged("closes a group that it never opened");
        var start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return Cut(start);
    }

    private object?[] Cut(int start)
    {
        object?[] values = [.. _stack[start..]];
        _stack.RemoveRange(start, values.Length);
        return values;
    }

    private int Floor() => _marks.Count > 0 ? _marks[^1] : 0;

    private ForecastException Unknown(PickleOp op) => op switch
    {
        PickleOp.Ext1 or PickleOp.Ext2 or PickleOp.Ext4 => WeightErrors.Refused(file, "its pickle refers to Python's extension registry"),
        PickleOp.NextBuffer or PickleOp.ReadOnlyBuffer => WeightErrors.Refused(file, "its pickle refers to buffers outside it"),
        PickleOp.Obj => WeightErrors.Refused(file, "its pickle makes an object by an instruction of protocol 1"),
        _ => Damaged($"has the instruction 0x{(byte)op:x2}, which protocols 2 to 5 do not write"),
    };

    private ForecastException Damaged(string what) => WeightErrors.Invalid(file, $"its pickle {what}");
}
