"""A station over PyPI `ocpp` that does what lines of JSON on its standard input ask for.

    station.py URL IDENTITY

In:  {"call": "StartTransaction", "payload": {...}, "id": 7}   out: {"id": 7, "result": {...}}
     {"answer": "SetChargingProfile", "payload": {...}}        what its CALLs are answered from now on
                                                               out: {"answers": "SetChargingProfile"}
Out: {"called": "SetChargingProfile", "payload": {...}}        what the gateway asks of it
"""

import asyncio
import json
import logging
import sys

import websockets
from ocpp.charge_point import camel_to_snake_case, snake_to_camel_case
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result

ANSWERED = ["SetChargingProfile", "ClearChargingProfile", "GetConfiguration", "ChangeConfiguration",
            "TriggerMessage", "RemoteStartTransaction", "RemoteStopTransaction", "Reset",
            "UnlockConnector", "ChangeAvailability", "GetCompositeSchedule", "ClearCache",
            "DataTransfer", "GetLocalListVersion", "SendLocalList", "ReserveNow",
            "CancelReservation"]


def say(what: dict):
    print(json.dumps(what), flush=True)


def handler(action: str):
    async def answer(self, **payload):
        say({"called": action, "payload": snake_to_camel_case(payload)})
        made = self.answers.get(action, {"status": "Accepted"})
        return getattr(call_result, action)(**camel_to_snake_case(made))
    # The package finds handlers by their own names.
    answer.__name__ = action
    return on(action)(answer)


class Station(ChargePoint):
    answers = {"GetConfiguration": {"configurationKey": [
        {"key": "ChargeProfileMaxStackLevel", "readonly": True, "value": "5"}]},
        "UnlockConnector": {"status": "Unlocked"}}
    locals().update({action: handler(action) for action in ANSWERED})


async def read_orders(station: Station):
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        if "answer" in order:
            station.answers = {**station.answers, order["answer"]: order["payload"]}
            say({"answers": order["answer"]})
            continue
        made = getattr(call, order["call"])(**camel_to_snake_case(order["payload"]))
        try:
            result = await station.call(made, suppress=False)
            told = {name: value for name, value in vars(result).items() if value is not None}
            say({"id": order["id"], "result": snake_to_camel_case(told)})
        except Exception as failure:  # pylint: disable=broad-except
            say({"id": order["id"], "error": str(failure)})


async def main(url: str, identity: str):
    async with websockets.connect(f"{url}/{identity}", subprotocols=["ocpp1.6"]) as socket:
        station = Station(identity, socket)
        say({"connected": socket.subprotocol})
        serving = asyncio.create_task(station.start())
        reading = asyncio.create_task(read_orders(station))
        await asyncio.wait({serving, reading}, return_when=asyncio.FIRST_COMPLETED)
        say({"closed": socket.close_code})


logging.disable(logging.CRITICAL)
asyncio.run(main(sys.argv[1], sys.argv[2]))
